-- Every row of these shards.
INSERT INTO core.message BY NAME
SELECT * FROM read_parquet($paths, encryption_config = {footer_key: 'staged'});
