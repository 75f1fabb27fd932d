-- Generated from db/migrations by `npm run schema`. Do not edit.

CREATE TABLE event (
  seq INTEGER PRIMARY KEY CHECK (seq > 0),
  at TEXT NOT NULL,
  zone_offset_minutes INTEGER NOT NULL,
  actor TEXT NOT NULL CHECK (actor <> ''),
  app TEXT NOT NULL,
  kind TEXT NOT NULL,
  body TEXT NOT NULL,
  previous_hash TEXT NOT NULL CHECK (length(previous_hash) = 64),
  hash TEXT NOT NULL UNIQUE CHECK (length(hash) = 64)
) STRICT;

CREATE TRIGGER event_no_update BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;

CREATE TRIGGER event_no_delete BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;

CREATE TRIGGER event_no_replace BEFORE INSERT ON event
WHEN EXISTS (SELECT 1 FROM event WHERE seq = NEW.seq OR hash = NEW.hash)
BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;

CREATE TRIGGER event_no_gap BEFORE INSERT ON event
WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM event)
BEGIN SELECT RAISE(ABORT, 'events are numbered without gaps'); END;

CREATE TABLE project (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  uid TEXT NOT NULL,
  name TEXT NOT NULL,
  created_at TEXT NOT NULL
, rerank_after INTEGER NOT NULL DEFAULT 50 CHECK (rerank_after >= 0)) STRICT;

CREATE TABLE label (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE CHECK (name <> '')
) STRICT;

CREATE TABLE batch (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE CHECK (name <> ''),
  role TEXT NOT NULL CHECK (role IN ('real', 'holdout', 'synthetic')),
  root TEXT NOT NULL,
  source TEXT NOT NULL,
  generator TEXT,
  generator_version TEXT,
  generation INTEGER,
  created_seq INTEGER NOT NULL
) STRICT;

CREATE TABLE batch_parent (
  batch_id INTEGER NOT NULL REFERENCES batch (id),
  parent_id INTEGER NOT NULL REFERENCES batch (id),
  PRIMARY KEY (batch_id, parent_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE image (
  id INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL UNIQUE CHECK (length(sha256) = 64),
  bytes INTEGER NOT NULL,
  format TEXT NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  copied INTEGER NOT NULL CHECK (copied IN (0, 1)),
  -- The file that says what the image is here: of the strongest role (holdout, real, synthetic), the first one.
  home_file_id INTEGER NOT NULL
, thumb_sha256 TEXT CHECK (length(thumb_sha256) = 64), orientation INTEGER NOT NULL DEFAULT 1) STRICT;

CREATE INDEX image_by_home ON image (home_file_id);

CREATE TABLE file (
  id INTEGER PRIMARY KEY,
  batch_id INTEGER NOT NULL REFERENCES batch (id),
  path TEXT NOT NULL,
  bytes INTEGER,
  modified_ms INTEGER,
  image_id INTEGER REFERENCES image (id),
  label_id INTEGER REFERENCES label (id),
  split TEXT,
  prompt TEXT,
  negative_prompt TEXT,
  seed TEXT,
  generator TEXT,
  generator_version TEXT,
  boxed INTEGER NOT NULL DEFAULT 0 CHECK (boxed IN (0, 1)),
  failure_code TEXT,
  failure_detail TEXT,
  added_seq INTEGER NOT NULL,
  UNIQUE (batch_id, path),
  CHECK ((image_id IS NULL) = (failure_code IS NOT NULL))
) STRICT;

CREATE TABLE box (
  file_id INTEGER NOT NULL REFERENCES file (id),
  position INTEGER NOT NULL,
  label_id INTEGER NOT NULL REFERENCES label (id),
  format TEXT NOT NULL,
  v0 REAL NOT NULL,
  v1 REAL NOT NULL,
  v2 REAL NOT NULL,
  v3 REAL NOT NULL, detail TEXT,
  PRIMARY KEY (file_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE run (
  id INTEGER PRIMARY KEY,
  model TEXT NOT NULL,
  model_id TEXT NOT NULL,
  device TEXT NOT NULL,
  parameters TEXT NOT NULL,
  images INTEGER NOT NULL,
  digest TEXT NOT NULL CHECK (length(digest) = 64),
  seq INTEGER NOT NULL
) STRICT;

CREATE TABLE queue (
  id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES run (id),
  policy TEXT NOT NULL,
  seed INTEGER NOT NULL,
  frame INTEGER NOT NULL,
  rest INTEGER NOT NULL,
  audited INTEGER NOT NULL,
  seq INTEGER NOT NULL
, reviewers INTEGER NOT NULL DEFAULT 1 CHECK (reviewers BETWEEN 1 AND 3), blind INTEGER NOT NULL DEFAULT 0 CHECK (blind IN (0, 1)), gold_rate REAL NOT NULL DEFAULT 0, gold_threshold REAL NOT NULL DEFAULT 0.8, filter TEXT, ranked_seq INTEGER NOT NULL DEFAULT 0, name TEXT, due TEXT, assignees TEXT NOT NULL DEFAULT '[]', instructions TEXT, last_label_id INTEGER NOT NULL DEFAULT 0, ends_in TEXT NOT NULL DEFAULT 'label' CHECK (ends_in IN ('label', 'distribution'))) STRICT;

CREATE TABLE decision (
  id INTEGER PRIMARY KEY,
  image_id INTEGER NOT NULL REFERENCES image (id),
  queue_id INTEGER REFERENCES queue (id),
  verdict TEXT NOT NULL CHECK (verdict IN ('accept', 'relabel', 'reject', 'skip', 'undo')),
  label_id INTEGER REFERENCES label (id),
  reason TEXT,
  undoes INTEGER UNIQUE REFERENCES decision (id),
  reviewer TEXT NOT NULL,
  at TEXT NOT NULL,
  seq INTEGER NOT NULL, purpose TEXT NOT NULL DEFAULT 'review'
  CHECK (purpose IN ('review', 'adjudication', 'gold')), duration_ms INTEGER, flagged INTEGER NOT NULL DEFAULT 0 CHECK (flagged IN (0, 1)), spread INTEGER NOT NULL DEFAULT 0 CHECK (spread IN (0, 1)), boxed INTEGER NOT NULL DEFAULT 0 CHECK (boxed IN (0, 1)), shown_label_id INTEGER REFERENCES label (id), known_label_id INTEGER REFERENCES label (id), comment TEXT, grid INTEGER,
  CHECK ((verdict = 'undo') = (undoes IS NOT NULL))
) STRICT;

CREATE INDEX decision_by_image ON decision (image_id);

CREATE TRIGGER decision_no_update BEFORE UPDATE ON decision
BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END;

CREATE TRIGGER decision_no_delete BEFORE DELETE ON decision
BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END;

CREATE TRIGGER decision_no_replace BEFORE INSERT ON decision
WHEN EXISTS (SELECT 1 FROM decision WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END;

CREATE TABLE release (
  id INTEGER PRIMARY KEY,
  format TEXT NOT NULL,
  folder TEXT NOT NULL,
  images INTEGER NOT NULL,
  manifest_sha256 TEXT NOT NULL,
  options TEXT NOT NULL,
  seq INTEGER NOT NULL
, mix TEXT) STRICT;

CREATE TABLE image_facts (
  image_id INTEGER PRIMARY KEY REFERENCES image (id),
  pixel_sha256 TEXT NOT NULL,
  signature BLOB NOT NULL,
  brightness_p99 REAL NOT NULL,
  brightness_p5 REAL NOT NULL,
  entropy_bits REAL NOT NULL,
  edge_std REAL NOT NULL,
  histogram_std REAL NOT NULL,
  single_channel INTEGER NOT NULL,
  grey_pixels INTEGER NOT NULL
) STRICT;

CREATE INDEX image_facts_by_pixels ON image_facts (pixel_sha256);

CREATE TABLE generation_metadata (
  image_id INTEGER PRIMARY KEY REFERENCES image (id),
  tool TEXT,
  prompt TEXT,
  negative_prompt TEXT,
  seed TEXT,
  sampler TEXT,
  steps INTEGER,
  cfg REAL,
  model_name TEXT,
  model_hash TEXT,
  raw TEXT,
  digital_source_type TEXT,
  has_c2pa INTEGER NOT NULL
, loras TEXT) STRICT;

CREATE TABLE embedding (
  model TEXT NOT NULL,
  image_id INTEGER NOT NULL REFERENCES image (id),
  vector BLOB NOT NULL,
  UNIQUE (model, image_id)
) STRICT;

CREATE TABLE score_name (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE score (
  run_id INTEGER NOT NULL,
  score_id INTEGER NOT NULL,
  image_id INTEGER NOT NULL,
  value REAL NOT NULL,
  PRIMARY KEY (run_id, score_id, image_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE prediction (
  run_id INTEGER NOT NULL,
  image_id INTEGER NOT NULL,
  label_id INTEGER NOT NULL,
  probability REAL NOT NULL,
  PRIMARY KEY (run_id, image_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE label_model (
  run_id INTEGER PRIMARY KEY,
  model TEXT NOT NULL
) STRICT;

CREATE TABLE queue_gold (
  queue_id INTEGER NOT NULL REFERENCES queue (id),
  position INTEGER NOT NULL,
  image_id INTEGER NOT NULL REFERENCES image (id),
  label_id INTEGER NOT NULL REFERENCES label (id),
  PRIMARY KEY (queue_id, position),
  UNIQUE (queue_id, image_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX decision_by_queue ON decision (queue_id);

CREATE INDEX decision_by_seq ON decision (seq);

CREATE TABLE decision_box (
  decision_id INTEGER NOT NULL REFERENCES decision (id),
  position INTEGER NOT NULL,
  label_id INTEGER NOT NULL REFERENCES label (id),
  format TEXT NOT NULL,
  v0 REAL NOT NULL,
  v1 REAL NOT NULL,
  v2 REAL NOT NULL,
  v3 REAL NOT NULL, detail TEXT,
  PRIMARY KEY (decision_id, position)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER decision_box_no_update BEFORE UPDATE ON decision_box
BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END;

CREATE TRIGGER decision_box_no_delete BEFORE DELETE ON decision_box
BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END;

CREATE TRIGGER decision_box_no_replace BEFORE INSERT ON decision_box
WHEN EXISTS (SELECT 1 FROM decision_box WHERE decision_id = NEW.decision_id AND position = NEW.position)
BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END;

CREATE TABLE act (
  seq INTEGER PRIMARY KEY,
  reviewer TEXT NOT NULL,
  standing INTEGER NOT NULL CHECK (standing >= 0)
) STRICT;

CREATE INDEX act_standing ON act (reviewer, seq) WHERE standing > 0;

CREATE TABLE verdict (
  image_id INTEGER PRIMARY KEY REFERENCES image (id),
  decision_id INTEGER NOT NULL REFERENCES decision (id),
  verdict TEXT NOT NULL CHECK (verdict IN ('accept', 'relabel', 'reject')),
  label_id INTEGER REFERENCES label (id),
  reason TEXT,
  reviewer TEXT NOT NULL,
  at TEXT NOT NULL,
  queue_id INTEGER REFERENCES queue (id),
  boxed INTEGER NOT NULL CHECK (boxed IN (0, 1))
) STRICT;

CREATE TABLE reviewer_resume (
  id INTEGER PRIMARY KEY,
  queue_id INTEGER NOT NULL REFERENCES queue (id),
  reviewer TEXT NOT NULL,
  by TEXT NOT NULL,
  at TEXT NOT NULL,
  seq INTEGER NOT NULL
) STRICT;

CREATE INDEX reviewer_resume_by_queue ON reviewer_resume (queue_id, reviewer);

CREATE TABLE job (
  id TEXT PRIMARY KEY,
  started_at TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('running', 'done', 'failed', 'cancelled', 'interrupted')),
  -- The whole job as JSON.
  body TEXT NOT NULL
) STRICT;

CREATE TABLE file_copy (
  file_id INTEGER PRIMARY KEY REFERENCES file (id)
) STRICT;

CREATE TRIGGER file_copy_added AFTER INSERT ON file WHEN NEW.image_id IS NOT NULL
BEGIN
  INSERT INTO file_copy (file_id)
  SELECT NEW.id FROM image WHERE id = NEW.image_id AND home_file_id <> NEW.id;
END;

CREATE TRIGGER file_copy_settled AFTER UPDATE OF home_file_id ON image WHEN OLD.home_file_id <> NEW.home_file_id
BEGIN
  DELETE FROM file_copy WHERE file_id = NEW.home_file_id;
  INSERT INTO file_copy (file_id) SELECT id FROM file WHERE id = OLD.home_file_id;
END;

CREATE INDEX file_by_image ON file (image_id, batch_id, label_id);

CREATE INDEX file_by_batch ON file (batch_id);

CREATE TABLE label_report (
  run_id INTEGER NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('real', 'holdout', 'synthetic')),
  report TEXT NOT NULL,
  PRIMARY KEY (run_id, role)
) STRICT, WITHOUT ROWID;

CREATE TABLE risk_simulation (
  run_id INTEGER PRIMARY KEY,
  simulation TEXT NOT NULL
) STRICT;

CREATE TABLE policy (
  name TEXT PRIMARY KEY CHECK (name <> ''),
  -- JSON.
  policy TEXT NOT NULL,
  seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

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

CREATE TABLE queue_item (
  queue_id INTEGER NOT NULL REFERENCES queue (id),
  position INTEGER NOT NULL,
  image_id INTEGER NOT NULL REFERENCES image (id),
  stratum TEXT NOT NULL,
  -- JSON array (rpc/contract/reasons.ts).
  reasons TEXT NOT NULL,
  priority REAL NOT NULL,
  inclusion_probability REAL NOT NULL,
  -- Where it stands after the queue was ranked again; its position where it never was.
  place INTEGER, answers INTEGER CHECK (answers > 1),
  PRIMARY KEY (queue_id, position),
  UNIQUE (queue_id, image_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE queue_group (
  queue_id INTEGER NOT NULL,
  position INTEGER NOT NULL,
  image_id INTEGER NOT NULL REFERENCES image (id),
  PRIMARY KEY (queue_id, position, image_id),
  FOREIGN KEY (queue_id, position) REFERENCES queue_item (queue_id, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX queue_item_by_image ON queue_item (image_id);

CREATE INDEX queue_group_by_image ON queue_group (image_id);

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

CREATE TABLE patches (
  model TEXT NOT NULL,
  image_id INTEGER NOT NULL REFERENCES image (id),
  features BLOB NOT NULL,
  UNIQUE (model, image_id)
) STRICT;

CREATE TABLE artefact_map (
  run_id INTEGER NOT NULL,
  image_id INTEGER NOT NULL,
  columns INTEGER NOT NULL CHECK (columns > 0),
  cells BLOB NOT NULL,
  PRIMARY KEY (run_id, image_id)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE "flag" (
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

CREATE INDEX flag_by_other ON flag (run_id, other_image_id);

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

CREATE TABLE tag (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  -- The event that put it on an image or took it off last.
  changed_seq INTEGER NOT NULL
) STRICT;

CREATE TABLE image_tag (
  tag_id INTEGER NOT NULL REFERENCES tag (id),
  image_id INTEGER NOT NULL REFERENCES image (id),
  PRIMARY KEY (tag_id, image_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX image_tag_by_image ON image_tag (image_id);

CREATE INDEX event_by_kind ON event (kind);

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

CREATE TABLE access (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  idle_minutes INTEGER NOT NULL,
  requirements TEXT
) STRICT;

CREATE TABLE person_key (
  id INTEGER PRIMARY KEY,
  person TEXT NOT NULL REFERENCES person (id),
  public_key TEXT NOT NULL,
  from_seq INTEGER NOT NULL,
  until_seq INTEGER
) STRICT;

CREATE TABLE wrapped_key (
  person TEXT PRIMARY KEY REFERENCES person (id),
  wrapped TEXT NOT NULL
) STRICT, WITHOUT ROWID;

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

CREATE TABLE handout (
  id TEXT PRIMARY KEY,
  queue_id INTEGER NOT NULL REFERENCES queue (id),
  reviewer TEXT NOT NULL,
  pictures TEXT NOT NULL CHECK (pictures IN ('originals', 'previews')),
  expires TEXT,
  -- Its own record when it was made, and as far as answers of it were taken.
  events INTEGER NOT NULL,
  head TEXT NOT NULL CHECK (length(head) = 64),
  taken_events INTEGER NOT NULL,
  taken_head TEXT NOT NULL CHECK (length(taken_head) = 64),
  -- The events that made it, that took answers of it last, and that recalled it.
  seq INTEGER NOT NULL,
  taken_seq INTEGER,
  recalled_seq INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX handout_by_queue ON handout (queue_id);

CREATE TABLE handout_item (
  handout_id TEXT NOT NULL REFERENCES handout (id),
  position INTEGER NOT NULL,
  image_id INTEGER NOT NULL REFERENCES image (id),
  -- As it is shown there.
  label_id INTEGER REFERENCES label (id),
  PRIMARY KEY (handout_id, position),
  UNIQUE (handout_id, image_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE handout_answer (
  handout_id TEXT NOT NULL REFERENCES handout (id),
  -- Of the decision in the hand-out's own record.
  number INTEGER NOT NULL,
  decision_id INTEGER NOT NULL UNIQUE REFERENCES decision (id),
  PRIMARY KEY (handout_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE mix_policy (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  target REAL NOT NULL,
  floor REAL NOT NULL,
  -- A JSON list; null for every generation.
  generations TEXT,
  unreviewed INTEGER NOT NULL CHECK (unreviewed IN (0, 1)),
  seq INTEGER NOT NULL
) STRICT;

CREATE TABLE training_round (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  -- sha256 of the manifest of the mix, which is on record as a release.
  mix_sha256 TEXT NOT NULL,
  model TEXT,
  model_sha256 TEXT,
  real_images INTEGER NOT NULL,
  new_real_images INTEGER NOT NULL,
  real_share REAL NOT NULL,
  -- JSON of what was measured on the hold-out; null without.
  holdout TEXT,
  seq INTEGER NOT NULL
) STRICT;

CREATE TABLE cost_input (
  input TEXT PRIMARY KEY,
  low REAL NOT NULL,
  high REAL NOT NULL,
  source TEXT,
  seq INTEGER NOT NULL
) STRICT;

CREATE TABLE cost_currency (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  currency TEXT NOT NULL,
  seq INTEGER NOT NULL
) STRICT;

CREATE TABLE experiment (
  id INTEGER PRIMARY KEY,
  -- sha256 of the results.
  digest TEXT NOT NULL,
  -- JSON of everything that was measured.
  results TEXT NOT NULL,
  -- Name and sha256 of the predictions that it judges; null where the learners ran here.
  name TEXT,
  sha256 TEXT,
  seq INTEGER NOT NULL
) STRICT;

CREATE TABLE object_vector (
  model TEXT NOT NULL,
  file_id INTEGER NOT NULL REFERENCES file (id),
  position INTEGER NOT NULL,
  variant TEXT NOT NULL,
  vector BLOB NOT NULL,
  UNIQUE (model, file_id, position, variant)
) STRICT;

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
