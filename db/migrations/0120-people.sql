-- The trail filters by kind, and much of what is asked of the ledger is about rare kinds.
CREATE INDEX event_by_kind ON event (kind);

-- Accounts: everybody who ever had one. Ids are never given again, so nothing is ever removed. Without any, the project
-- has no accounts.
CREATE TABLE person (
  id TEXT PRIMARY KEY,
  -- The id in lower case: two that differ by their case alone are one.
  folded TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  -- A JSON list.
  roles TEXT NOT NULL,
  identity_how TEXT NOT NULL,
  identity_by TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('invited', 'active', 'reset', 'locked', 'revoked')),
  -- sha256 of the one-time code, and until when it counts.
  code_hash TEXT,
  code_until TEXT,
  -- Who took the key away, while nobody else has let them sign again.
  reset_by TEXT,
  may_sign INTEGER NOT NULL CHECK (may_sign IN (0, 1)),
  failures INTEGER NOT NULL,
  failed_at TEXT,
  signed_in_at TEXT
) STRICT, WITHOUT ROWID;

-- One row once accounts are on: what holds for everybody. `requirements` is the body of the newest event that set them.
CREATE TABLE access (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  idle_minutes INTEGER NOT NULL,
  requirements TEXT
) STRICT;

-- Public keys, each from its event on until the event that took it away.
CREATE TABLE person_key (
  id INTEGER PRIMARY KEY,
  person TEXT NOT NULL REFERENCES person (id),
  public_key TEXT NOT NULL,
  from_seq INTEGER NOT NULL,
  until_seq INTEGER
) STRICT;

-- The private keys, each wrapped by its person's password. No event holds them: whoever has the record alone cannot guess
-- passwords. One that was swapped opens nothing, because it has to fit the public key.
CREATE TABLE wrapped_key (
  person TEXT PRIMARY KEY REFERENCES person (id),
  wrapped TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What shows that somebody is able to do a task. `body` is that of its event.
CREATE TABLE competence (
  id INTEGER PRIMARY KEY,
  person TEXT NOT NULL REFERENCES person (id),
  kind TEXT NOT NULL CHECK (kind IN ('credential', 'training', 'calibration')),
  body TEXT NOT NULL,
  at TEXT NOT NULL,
  recorded_by TEXT NOT NULL,
  seq INTEGER NOT NULL,
  withdrawn TEXT
) STRICT;

-- Instructions for the whole project; the newest one is in force.
CREATE TABLE guideline (
  seq INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL,
  text TEXT NOT NULL,
  at TEXT NOT NULL,
  published_by TEXT NOT NULL
) STRICT;

CREATE TABLE signature (
  seq INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('decision', 'dataset', 'release')),
  -- The image's hash, the number of the release, or empty.
  record TEXT NOT NULL,
  version TEXT NOT NULL,
  -- The event that made this version.
  event_seq INTEGER NOT NULL,
  signer TEXT NOT NULL REFERENCES person (id),
  name TEXT NOT NULL,
  meaning TEXT NOT NULL,
  comment TEXT,
  at TEXT NOT NULL,
  local TEXT NOT NULL,
  head_events INTEGER NOT NULL,
  head TEXT NOT NULL,
  public_key TEXT NOT NULL,
  signature TEXT NOT NULL
) STRICT;

CREATE INDEX signature_by_record ON signature (kind, record);
