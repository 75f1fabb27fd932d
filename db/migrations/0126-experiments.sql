-- Experiments on the ratio of real to synthetic images, as recorded.
CREATE TABLE experiment (
  id INTEGER PRIMARY KEY,
  -- sha256 of the results.
  digest TEXT NOT NULL,
  -- JSON of everything that was measured.
  results TEXT NOT NULL,
  -- Name and sha256 of the predictions that it judges; null where the learners ran here.
  name TEXT,
  sha256 TEXT,
  seq INTEGER NOT NULL
) STRICT;
