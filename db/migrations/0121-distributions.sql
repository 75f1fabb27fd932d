-- What the items of a queue come to: one label, by agreement or judgement, or the distribution of all answers.
ALTER TABLE queue ADD COLUMN ends_in TEXT NOT NULL DEFAULT 'label' CHECK (ends_in IN ('label', 'distribution'));
