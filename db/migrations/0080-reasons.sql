-- Reasons, policies and numbers as data. Reasons were sentences, and are kept as { "text": … }; the numbers of items and
-- of policies were decimal text, and a policy's budget was JSON in JSON.
CREATE TABLE queue_group_before AS SELECT * FROM queue_group;
CREATE TABLE queue_item_before AS SELECT * FROM queue_item;
DROP TABLE queue_group;
DROP TABLE queue_item;

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
  place INTEGER,
  PRIMARY KEY (queue_id, position),
  UNIQUE (queue_id, image_id)
) STRICT, WITHOUT ROWID;

INSERT INTO queue_item
SELECT queue_id, position, image_id, stratum,
  (SELECT json_group_array(json_object('text', value)) FROM json_each(reasons)),
  CAST(priority AS REAL), CAST(inclusion_probability AS REAL), place
FROM queue_item_before;

CREATE TABLE queue_group (
  queue_id INTEGER NOT NULL,
  position INTEGER NOT NULL,
  image_id INTEGER NOT NULL REFERENCES image (id),
  PRIMARY KEY (queue_id, position, image_id),
  FOREIGN KEY (queue_id, position) REFERENCES queue_item (queue_id, position)
) STRICT, WITHOUT ROWID;

INSERT INTO queue_group SELECT * FROM queue_group_before;

CREATE INDEX queue_item_by_image ON queue_item (image_id);
CREATE INDEX queue_group_by_image ON queue_group (image_id);

DROP TABLE queue_group_before;
DROP TABLE queue_item_before;

-- json() of a number's text keeps its digits; what is not there is not set.
UPDATE queue SET policy = json_replace(policy,
  '$.budget', json(policy ->> '$.budget'),
  '$.shares.audit', json(policy ->> '$.shares.audit'),
  '$.shares.damaged', json(policy ->> '$.shares.damaged'),
  '$.shares.novel', json(policy ->> '$.shares.novel'),
  '$.shares."suspect-label"', json(policy ->> '$.shares."suspect-label"'),
  '$.shares.uncertain', json(policy ->> '$.shares.uncertain'));
UPDATE policy SET policy = json_replace(policy,
  '$.shares.audit', json(policy ->> '$.shares.audit'),
  '$.shares.damaged', json(policy ->> '$.shares.damaged'),
  '$.shares.novel', json(policy ->> '$.shares.novel'),
  '$.shares."suspect-label"', json(policy ->> '$.shares."suspect-label"'),
  '$.shares.uncertain', json(policy ->> '$.shares.uncertain'));
