-- How a queue is worked; older queues are worked by one person who sees everything.
ALTER TABLE queue ADD COLUMN reviewers INTEGER NOT NULL DEFAULT 1 CHECK (reviewers BETWEEN 1 AND 3);
ALTER TABLE queue ADD COLUMN blind INTEGER NOT NULL DEFAULT 0 CHECK (blind IN (0, 1));
ALTER TABLE queue ADD COLUMN gold_rate REAL NOT NULL DEFAULT 0;
ALTER TABLE queue ADD COLUMN gold_threshold REAL NOT NULL DEFAULT 0.8;
ALTER TABLE queue ADD COLUMN filter TEXT;

-- Images whose label is known: what gold items are drawn from.
CREATE TABLE queue_gold (
  queue_id INTEGER NOT NULL REFERENCES queue (id),
  position INTEGER NOT NULL,
  image_id INTEGER NOT NULL REFERENCES image (id),
  label_id INTEGER NOT NULL REFERENCES label (id),
  PRIMARY KEY (queue_id, position),
  UNIQUE (queue_id, image_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX queue_item_by_image ON queue_item (image_id);
CREATE INDEX queue_group_by_image ON queue_group (image_id);

DROP VIEW verdict;

ALTER TABLE decision ADD COLUMN purpose TEXT NOT NULL DEFAULT 'review'
  CHECK (purpose IN ('review', 'adjudication', 'gold'));
ALTER TABLE decision ADD COLUMN duration_ms INTEGER;
-- Asks a specialist to look.
ALTER TABLE decision ADD COLUMN flagged INTEGER NOT NULL DEFAULT 0 CHECK (flagged IN (0, 1));
-- Said of a near-duplicate by way of the item that stands for it.
ALTER TABLE decision ADD COLUMN spread INTEGER NOT NULL DEFAULT 0 CHECK (spread IN (0, 1));
-- Whether decision_box holds all boxes as they should be, none of them included.
ALTER TABLE decision ADD COLUMN boxed INTEGER NOT NULL DEFAULT 0 CHECK (boxed IN (0, 1));
-- Of a gold item: the label that was shown (none in a blind queue), and the known one.
ALTER TABLE decision ADD COLUMN shown_label_id INTEGER REFERENCES label (id);
ALTER TABLE decision ADD COLUMN known_label_id INTEGER REFERENCES label (id);

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
  v3 REAL NOT NULL,
  PRIMARY KEY (decision_id, position)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER decision_box_no_update BEFORE UPDATE ON decision_box
BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END;

CREATE TRIGGER decision_box_no_delete BEFORE DELETE ON decision_box
BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END;

CREATE TRIGGER decision_box_no_replace BEFORE INSERT ON decision_box
WHEN EXISTS (SELECT 1 FROM decision_box WHERE decision_id = NEW.decision_id AND position = NEW.position)
BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END;

-- Events with decisions, and how many of their entries nobody took back: what undo goes through.
CREATE TABLE act (
  seq INTEGER PRIMARY KEY,
  reviewer TEXT NOT NULL,
  standing INTEGER NOT NULL CHECK (standing >= 0)
) STRICT;

INSERT INTO act
SELECT d.seq, d.reviewer,
  sum(d.verdict <> 'undo' AND NOT EXISTS (SELECT 1 FROM decision u WHERE u.undoes = d.id))
FROM decision d GROUP BY d.seq, d.reviewer;

CREATE INDEX act_standing ON act (reviewer, seq) WHERE standing > 0;

-- What holds for an image. Follows from its decisions by core/review/holding.ts.
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

INSERT INTO verdict
SELECT d.image_id, d.id, d.verdict, d.label_id, d.reason, d.reviewer, d.at, d.queue_id, 0
FROM decision d
WHERE d.id = (
  SELECT max(e.id) FROM decision e
  WHERE e.image_id = d.image_id AND e.verdict NOT IN ('undo', 'skip')
    AND NOT EXISTS (SELECT 1 FROM decision u WHERE u.undoes = e.id)
);

CREATE TABLE reviewer_resume (
  id INTEGER PRIMARY KEY,
  queue_id INTEGER NOT NULL REFERENCES queue (id),
  reviewer TEXT NOT NULL,
  by TEXT NOT NULL,
  at TEXT NOT NULL,
  seq INTEGER NOT NULL
) STRICT;

CREATE INDEX reviewer_resume_by_queue ON reviewer_resume (queue_id, reviewer);
