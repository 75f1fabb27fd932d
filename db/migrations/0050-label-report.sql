-- What confident learning says of the labels of one role in one run, as JSON. Derived: deleted and computed again at will.
CREATE TABLE label_report (
  run_id INTEGER NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('real', 'holdout', 'synthetic')),
  report TEXT NOT NULL,
  PRIMARY KEY (run_id, role)
) STRICT, WITHOUT ROWID;
