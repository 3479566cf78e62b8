-- Forget the texts of submissions received before a moment (UTC).
UPDATE core.message
SET text = NULL
WHERE text IS NOT NULL
  AND submission_key IN (
      SELECT submission_key FROM core.submission WHERE received_at < $before
  );
