-- Adapters (LoRAs) that the metadata inside a file names; of files read before, unknown.
ALTER TABLE generation_metadata ADD COLUMN loras TEXT;
