-- Whose rows a shard holds, and how many: one row where the shard is sound.
SELECT lower(hex(submission_key)), submission_key, contributor_key, force_code, scope, count(*)
FROM read_parquet($path, encryption_config = {footer_key: 'staged'})
GROUP BY ALL;
