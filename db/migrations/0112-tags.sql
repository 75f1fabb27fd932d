-- Free words on images. A tag that is on no image is not there.
CREATE TABLE tag (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  -- The event that put it on an image or took it off last.
  changed_seq INTEGER NOT NULL
) STRICT;

CREATE TABLE image_tag (
  tag_id INTEGER NOT NULL REFERENCES tag (id),
  image_id INTEGER NOT NULL REFERENCES image (id),
  PRIMARY KEY (tag_id, image_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX image_tag_by_image ON image_tag (image_id);
