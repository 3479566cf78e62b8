-- What gate 1 looks at. Variables: shards and sidecars (lists of paths), seeds (a folder).
CREATE VIEW message AS
SELECT * EXCLUDE (filename), parse_filename(filename, true) AS shard
FROM read_parquet(
    getvariable('shards'), encryption_config = {footer_key: 'staged'}, filename = true
); -- not union_by_name: DuckDB 1.5.5 crashes on it with encrypted files

-- One row a sidecar: what the shard beside it should hold.
CREATE VIEW shard AS
SELECT parse_filename(filename, true) AS shard,
       submission_key,
       received_at[:10]::DATE AS received_on, -- UTC
       counts.* EXCLUDE (rejected),
       coalesce(list_sum(map_values(counts.rejected)), 0) AS lines_rejected
FROM read_json(
    getvariable('sidecars'),
    filename = true,
    columns = {
        submission_key: 'VARCHAR',
        received_at: 'VARCHAR',
        counts: 'STRUCT(lines_in BIGINT, lines_in_messages BIGINT, messages BIGINT, system BIGINT,
                        other_members BIGINT, staged BIGINT, unprocessed BIGINT,
                        other_language BIGINT, rejected MAP(VARCHAR, BIGINT))'
    }
);

CREATE VIEW force AS
FROM read_csv(getvariable('seeds') || '/forces.csv', header = true, all_varchar = true);
CREATE VIEW category AS
FROM read_csv(getvariable('seeds') || '/categories.csv', header = true);
