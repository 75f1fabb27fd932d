-- What was done to the original of a copy, as JSON (rpc/contract/alteration.ts); NULL where storage and light explain
-- the difference.
ALTER TABLE flag ADD COLUMN alteration TEXT;
