-- Words that go with a decision: a comment on it, or the question that a specialist is asked.
ALTER TABLE decision ADD COLUMN comment TEXT;
