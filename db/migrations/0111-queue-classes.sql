-- The newest class of the project when the queue was filled: its gold items are shown under none that came later, so
-- that no import moves them. Labels are numbered in the order in which events first name them.
ALTER TABLE queue ADD COLUMN last_label_id INTEGER NOT NULL DEFAULT 0;

CREATE TABLE named AS SELECT name, min(seq) AS seq FROM (
  SELECT e.seq, c.value AS name FROM event e, json_each(e.body, '$.classes') c
  WHERE e.kind = 'batch.created' AND e.seq < (SELECT max(seq) FROM queue)
  UNION ALL
  SELECT e.seq, f.value ->> '$.label' FROM event e, json_each(e.body, '$.files') f
  WHERE e.kind = 'files.imported' AND e.seq < (SELECT max(seq) FROM queue)
  UNION ALL
  SELECT e.seq, b.value ->> '$.label'
  FROM event e, json_each(e.body, '$.files') f, json_each(f.value, '$.boxes') b
  WHERE e.kind = 'files.imported' AND e.seq < (SELECT max(seq) FROM queue)
  UNION ALL
  SELECT e.seq, d.value ->> '$.label' FROM event e, json_each(e.body, '$.decisions') d
  WHERE e.kind = 'decisions.made' AND e.seq < (SELECT max(seq) FROM queue)
  UNION ALL
  SELECT e.seq, b.value ->> '$.label'
  FROM event e, json_each(e.body, '$.decisions') d, json_each(d.value, '$.boxes') b
  WHERE e.kind = 'decisions.made' AND e.seq < (SELECT max(seq) FROM queue)
  UNION ALL
  SELECT seq, body ->> '$.name' FROM event WHERE kind = 'class.added')
GROUP BY name;

UPDATE queue SET last_label_id = coalesce(
  (SELECT max(l.id) FROM named n JOIN label l ON l.name = n.name WHERE n.seq < queue.seq), 0);

DROP TABLE named;
