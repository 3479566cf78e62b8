-- Record submissions, or that they were staged again.
INSERT OR REPLACE INTO core.submission BY NAME
SELECT *, now() AT TIME ZONE 'UTC' AS loaded_at FROM staged_submission;
