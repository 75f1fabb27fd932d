-- Files that are not the home of their image: more copies of bytes that are known already. Kept by triggers, so that
-- counting images by batch reads no wide row. Derived: the replay of the events fills it in the same way.
CREATE TABLE file_copy (
  file_id INTEGER PRIMARY KEY REFERENCES file (id)
) STRICT;

INSERT INTO file_copy
SELECT f.id FROM file f JOIN image i ON i.id = f.image_id WHERE f.id <> i.home_file_id;

CREATE TRIGGER file_copy_added AFTER INSERT ON file WHEN NEW.image_id IS NOT NULL
BEGIN
  INSERT INTO file_copy (file_id)
  SELECT NEW.id FROM image WHERE id = NEW.image_id AND home_file_id <> NEW.id;
END;

CREATE TRIGGER file_copy_settled AFTER UPDATE OF home_file_id ON image WHEN OLD.home_file_id <> NEW.home_file_id
BEGIN
  DELETE FROM file_copy WHERE file_id = NEW.home_file_id;
  INSERT INTO file_copy (file_id) SELECT id FROM file WHERE id = OLD.home_file_id;
END;

-- Everything that a column of batches or given labels needs, without the wide rows.
DROP INDEX file_by_image;
CREATE INDEX file_by_image ON file (image_id, batch_id, label_id);
CREATE INDEX file_by_batch ON file (batch_id);

CREATE INDEX flag_by_other ON flag (run_id, other_image_id);
