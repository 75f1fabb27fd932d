-- How many items were on the screen at once when an answer was given; NULL where it was the only one.
ALTER TABLE decision ADD COLUMN grid INTEGER;
