-- Shards that were written again, without their texts or with another key: the same rows otherwise.
UPDATE core.submission AS s
SET file_sha256 = written.file_sha256
FROM (
    SELECT unnest($submissions::BLOB[]) AS submission_key, unnest($files::VARCHAR[]) AS file_sha256
) AS written
WHERE s.submission_key = written.submission_key AND s.file_sha256 <> written.file_sha256;
