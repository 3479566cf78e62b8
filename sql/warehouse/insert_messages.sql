-- Every row of these shards. Which models made them is in core.submission.
INSERT INTO core.message BY NAME
SELECT * EXCLUDE (model_versions)
FROM read_parquet($paths, encryption_config = {footer_key: 'staged'});
