-- Which forces and months make which group, one list a column.
INSERT INTO release_group
SELECT unnest(?), unnest(?), unnest(?), unnest(?)
