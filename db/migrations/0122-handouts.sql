-- Hand-outs: what was given to a reviewer on another machine, and how much of it came back.
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

-- Answers that an item needs; as many as its queue asks for where it is NULL.
ALTER TABLE queue_item ADD COLUMN answers INTEGER CHECK (answers > 1);
