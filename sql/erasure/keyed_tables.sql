-- Every table that holds rows of one submission, or of one contributor, whatever was added to the
-- schema since; with the statements that count and delete those rows. $key is 16 bytes.
WITH keyed AS (
    SELECT t.table_schema || '.' || t.table_name AS name,
           format('"{}"."{}"', t.table_schema, t.table_name) AS quoted
    FROM information_schema.tables AS t
    JOIN information_schema.columns AS c USING (table_catalog, table_schema, table_name)
    WHERE t.table_catalog = current_database()
      AND t.table_type = 'BASE TABLE'
      AND c.column_name = $column
)
SELECT name,
       'SELECT count(*) FROM ' || quoted || ' WHERE ' || $column || ' = $key' AS count_rows,
       'DELETE FROM ' || quoted || ' WHERE ' || $column || ' = $key' AS delete_rows
FROM keyed
ORDER BY name;
