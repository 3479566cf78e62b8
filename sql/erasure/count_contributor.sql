-- How many submissions of a contributor the warehouse holds, but for one.
SELECT count(*)
FROM core.submission
WHERE contributor_key = $contributor_key AND submission_key <> $submission_key;
