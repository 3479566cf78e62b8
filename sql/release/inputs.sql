-- The shards, by content address, that hold a message of some months ($months, YYYY-MM).
SELECT DISTINCT shard
FROM core.submission
SEMI JOIN (
    SELECT submission_key FROM core.message
    WHERE list_contains($months, strftime(sent_on, '%Y-%m'))
) USING (submission_key)
ORDER BY shard;
