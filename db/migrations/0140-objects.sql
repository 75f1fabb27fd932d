-- What a model says of each object's crop. `variant` is '' for the object as it is given, else names the fault that was
-- put into its box to learn from. Derived; deletable.
CREATE TABLE object_vector (
  model TEXT NOT NULL,
  file_id INTEGER NOT NULL REFERENCES file (id),
  position INTEGER NOT NULL,
  variant TEXT NOT NULL,
  vector BLOB NOT NULL,
  UNIQUE (model, file_id, position, variant)
) STRICT;

-- What a run says of each object of an image, by its position in the image's home file; -1 for one that
-- is missing.
CREATE TABLE object_verdict (
  run_id INTEGER NOT NULL,
  image_id INTEGER NOT NULL,
  position INTEGER NOT NULL,
  -- The chance that something is wrong with it, and what that most likely is: one of FAULTS (core/measure/objects/).
  chance REAL NOT NULL CHECK (chance >= 0 AND chance <= 1),
  fault TEXT NOT NULL,
  -- The class that it looks most like, and how surely.
  label_id INTEGER,
  confidence REAL,
  -- Where it is, for what is missing: JSON of left, top, width, height as shares of the picture.
  area TEXT,
  PRIMARY KEY (run_id, image_id, position)
) STRICT, WITHOUT ROWID;
