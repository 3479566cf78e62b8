-- Nothing, where a shard opens with the key; an error where it does not.
FROM read_parquet($path, encryption_config = {footer_key: 'staged'}) LIMIT 0;
