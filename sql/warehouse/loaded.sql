-- Which shard each submission was loaded from.
SELECT lower(hex(submission_key)), shard FROM core.submission;
