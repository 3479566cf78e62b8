INSERT INTO main.migration VALUES (?, ?, ?);
