-- A shard's rows again, encrypted with the key that follows.
COPY (
    FROM read_parquet($path, encryption_config = {footer_key: 'staged_before'})
) TO $shard (
    FORMAT parquet, COMPRESSION zstd, ENCRYPTION_CONFIG {footer_key: 'staged'}
);
