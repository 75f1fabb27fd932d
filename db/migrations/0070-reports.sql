-- What measuring synthetic batches gave, as JSON. Derived: deleted and computed again at will.
CREATE TABLE batch_measures (
  run_id INTEGER NOT NULL,
  batch_id INTEGER NOT NULL,
  -- The batch that it is compared with; 0 where the batch is measured against the real images.
  against_id INTEGER NOT NULL,
  seed INTEGER NOT NULL,
  -- What the images were at the time: of another text it is out of date.
  basis TEXT NOT NULL,
  measures TEXT NOT NULL,
  PRIMARY KEY (run_id, batch_id, against_id, seed)
) STRICT, WITHOUT ROWID;
