-- Long tasks that a window started, for people to look back on: derived, deletable, no part of the ledger.
CREATE TABLE job (
  id TEXT PRIMARY KEY,
  started_at TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('running', 'done', 'failed', 'cancelled', 'interrupted')),
  -- The whole job as JSON.
  body TEXT NOT NULL
) STRICT;
