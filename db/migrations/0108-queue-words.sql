-- What people call a queue, who is to answer it and until when, and how (Markdown). Assignees: a JSON array.
ALTER TABLE queue ADD COLUMN name TEXT;
ALTER TABLE queue ADD COLUMN due TEXT;
ALTER TABLE queue ADD COLUMN assignees TEXT NOT NULL DEFAULT '[]';
ALTER TABLE queue ADD COLUMN instructions TEXT;
