-- Copies of images with a fault put in, as they were measured (core/measure/rehearsal). Derived; deletable.
CREATE TABLE spoilt_copy (
  model TEXT NOT NULL,
  seed INTEGER NOT NULL,
  image_id INTEGER NOT NULL REFERENCES image (id),
  family TEXT NOT NULL,
  pixels TEXT NOT NULL,
  signature BLOB NOT NULL,
  vector BLOB NOT NULL,
  patches BLOB,
  UNIQUE (model, seed, image_id, family)
) STRICT;
