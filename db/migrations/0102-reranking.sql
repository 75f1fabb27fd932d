-- Answers in a queue after which what is left of it is ranked again without being asked; 0: never.
ALTER TABLE project ADD COLUMN rerank_after INTEGER NOT NULL DEFAULT 50 CHECK (rerank_after >= 0);
-- The event that ranked the queue last: its making, or the newest time that it was ranked again.
ALTER TABLE queue ADD COLUMN ranked_seq INTEGER NOT NULL DEFAULT 0;
UPDATE queue SET ranked_seq = coalesce(
  (SELECT max(e.seq) FROM event e WHERE e.kind = 'queue.reranked' AND json_extract(e.body, '$.queue') = queue.id), seq);
