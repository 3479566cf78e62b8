-- A shard's rows, as they were staged.
FROM read_parquet($path, encryption_config = {footer_key: 'staged'}) ORDER BY row_no;
