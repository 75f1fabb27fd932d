-- What people said of pairs that a rule took for copies; the newest answer about a pair holds.
CREATE TABLE copy_answer (
  image_id INTEGER NOT NULL REFERENCES image (id),
  other_image_id INTEGER NOT NULL REFERENCES image (id),
  answer TEXT NOT NULL CHECK (answer IN ('copy', 'not-a-copy')),
  reviewer TEXT NOT NULL,
  at TEXT NOT NULL,
  comment TEXT,
  -- What the rule said of the pair when it was answered.
  certainty TEXT NOT NULL CHECK (certainty IN ('same-pixels', 'same-picture', 'neighbour')),
  similarity REAL NOT NULL,
  laid INTEGER NOT NULL CHECK (laid IN (0, 1)),
  seq INTEGER NOT NULL,
  PRIMARY KEY (image_id, other_image_id)
) STRICT, WITHOUT ROWID;

-- The table again, for one more rule and for how sure a finding is (rpc/contract/terms.ts); NULL in runs before this.
CREATE TABLE flag_now (
  run_id INTEGER NOT NULL,
  image_id INTEGER NOT NULL,
  rule TEXT NOT NULL
    CHECK (rule IN ('holdout-leak', 'seed-copy', 'exact-duplicate', 'possible-copy', 'near-duplicate')),
  other_image_id INTEGER NOT NULL,
  similarity REAL NOT NULL,
  alteration TEXT,
  certainty TEXT CHECK (certainty IN ('same-pixels', 'same-picture', 'neighbour')),
  PRIMARY KEY (run_id, image_id, rule)
) STRICT, WITHOUT ROWID;

INSERT INTO flag_now (run_id, image_id, rule, other_image_id, similarity, alteration)
SELECT run_id, image_id, rule, other_image_id, similarity, alteration FROM flag;

DROP TABLE flag;
ALTER TABLE flag_now RENAME TO flag;
CREATE INDEX flag_by_other ON flag (run_id, other_image_id);
