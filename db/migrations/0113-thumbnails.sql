-- sha256 of the thumbnail as the import made it; NULL for images of earlier versions.
ALTER TABLE image ADD COLUMN thumb_sha256 TEXT CHECK (length(thumb_sha256) = 64);
