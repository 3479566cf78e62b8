-- The rows of one submission as an encrypted Parquet file.
COPY staged TO $shard (
    FORMAT parquet, COMPRESSION zstd, ENCRYPTION_CONFIG {footer_key: 'staged'}
);
