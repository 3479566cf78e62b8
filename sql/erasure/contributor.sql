-- Whose a loaded submission is.
SELECT contributor_key FROM core.submission WHERE submission_key = $submission_key;
