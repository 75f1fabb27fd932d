-- What a dataset says of an object besides its box: outline, mask, keypoints, attributes. JSON, as in the event.
ALTER TABLE box ADD COLUMN detail TEXT;
ALTER TABLE decision_box ADD COLUMN detail TEXT;
