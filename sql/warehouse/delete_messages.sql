-- Drop the rows that an earlier version of the models made of these submissions.
DELETE FROM core.message WHERE submission_key IN (SELECT unnest($submissions));
