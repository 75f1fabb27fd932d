-- How real and synthetic images may be mixed for training, once somebody has set it.
CREATE TABLE mix_policy (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  target REAL NOT NULL,
  floor REAL NOT NULL,
  -- A JSON list; null for every generation.
  generations TEXT,
  unreviewed INTEGER NOT NULL CHECK (unreviewed IN (0, 1)),
  seq INTEGER NOT NULL
) STRICT;

-- Of a release that is a training mix, how it is mixed: the object in its event. Null of any other release.
ALTER TABLE release ADD COLUMN mix TEXT;

-- What was trained on which mix, in the order of training.
CREATE TABLE training_round (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  -- sha256 of the manifest of the mix, which is on record as a release.
  mix_sha256 TEXT NOT NULL,
  model TEXT,
  model_sha256 TEXT,
  real_images INTEGER NOT NULL,
  new_real_images INTEGER NOT NULL,
  real_share REAL NOT NULL,
  -- JSON of what was measured on the hold-out; null without.
  holdout TEXT,
  seq INTEGER NOT NULL
) STRICT;
