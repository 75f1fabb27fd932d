-- Nothing reads it: copies are proposed by embeddings and confirmed on pixels.
ALTER TABLE image_facts DROP COLUMN phash;
