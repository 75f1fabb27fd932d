-- Queue policies under a name.
CREATE TABLE policy (
  name TEXT PRIMARY KEY CHECK (name <> ''),
  -- JSON.
  policy TEXT NOT NULL,
  seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Where an item stands after its queue was ranked again; its position where it never was.
ALTER TABLE queue_item ADD COLUMN place INTEGER;
