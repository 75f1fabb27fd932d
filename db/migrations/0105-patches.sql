-- What is where on a picture: packed features of its patches (models/patches.ts), from the pass that made its vector.
CREATE TABLE patches (
  model TEXT NOT NULL,
  image_id INTEGER NOT NULL REFERENCES image (id),
  features BLOB NOT NULL,
  UNIQUE (model, image_id)
) STRICT;

-- Where an image looks unlike the others: a byte per patch, in rows of `columns`.
CREATE TABLE artefact_map (
  run_id INTEGER NOT NULL,
  image_id INTEGER NOT NULL,
  columns INTEGER NOT NULL CHECK (columns > 0),
  cells BLOB NOT NULL,
  PRIMARY KEY (run_id, image_id)
) STRICT, WITHOUT ROWID;
