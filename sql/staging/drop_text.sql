-- A shard's rows again, without their texts.
COPY (
    SELECT * REPLACE (NULL::VARCHAR AS text)
    FROM read_parquet($path, encryption_config = {footer_key: 'staged'})
) TO $shard (
    FORMAT parquet, COMPRESSION zstd, ENCRYPTION_CONFIG {footer_key: 'staged'}
);
