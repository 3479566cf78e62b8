CREATE TABLE IF NOT EXISTS main.migration (
    version INTEGER PRIMARY KEY,
    name    VARCHAR NOT NULL,
    digest  VARCHAR NOT NULL
);
