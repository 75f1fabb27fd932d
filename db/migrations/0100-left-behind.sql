-- What each batch's import met in its dataset and did not take over, as its newest survey counted it.
CREATE TABLE batch_left (
  batch_id INTEGER NOT NULL REFERENCES batch (id),
  -- A key of LEFT_KINDS (rpc/contract/imports.ts).
  kind TEXT NOT NULL,
  -- Tells apart things of a kind: a column, the extension of files; or ''.
  name TEXT NOT NULL,
  count INTEGER NOT NULL CHECK (count > 0),
  -- A file that has it, below the batch's folder.
  example TEXT,
  PRIMARY KEY (batch_id, kind, name)
) STRICT, WITHOUT ROWID;
