-- EXIF orientation of the file, 1 to 8; 1 also of images that were imported before it was recorded.
ALTER TABLE image ADD COLUMN orientation INTEGER NOT NULL DEFAULT 1;
