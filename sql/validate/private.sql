-- What gate 3 looks at of a private release. Variables as in release.sql. Every field is text.
CREATE VIEW series AS
FROM read_csv(getvariable('release') || '/private.csv', header = true, all_varchar = true);
CREATE VIEW manifest AS
FROM read_json(
    getvariable('release') || '/manifest.json', columns = {release: 'VARCHAR', months: 'VARCHAR[]'}
);
CREATE VIEW file AS SELECT unnest(getvariable('names')) AS name;
CREATE VIEW category AS
FROM read_csv(getvariable('seeds') || '/categories.csv', header = true);

-- The same rows as numbers: NULL where there is no rate ([z]) or no number.
CREATE VIEW series_figure AS
SELECT period, category,
       try_cast(estimate_per_1000 AS DOUBLE) AS estimate,
       try_cast(low AS DOUBLE) AS low,
       try_cast(high AS DOUBLE) AS high,
       try_cast(messages AS BIGINT) AS messages
FROM series;
