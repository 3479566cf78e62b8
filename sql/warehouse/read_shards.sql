-- Whose rows each shard holds, and how many: one row a shard where it is sound.
SELECT filename, submission_key, contributor_key, force_code, scope, count(*)
FROM read_parquet($paths, filename = true, encryption_config = {footer_key: 'staged'})
GROUP BY ALL;
