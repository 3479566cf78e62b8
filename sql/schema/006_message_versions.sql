-- Which models made a message is said once a submission, in core.submission: a message without its own
-- copy loads a sixth faster.
ALTER TABLE core.message DROP COLUMN model_versions;

CREATE OR REPLACE VIEW core.counted AS
SELECT m.* EXCLUDE (text),
       c.conversation_key,
       coalesce(p.person_key, m.author_key) AS person_key,
       date_trunc('month', m.sent_on)::DATE AS month
FROM core.message AS m
JOIN core.conversation AS c USING (chat_key)
LEFT JOIN core.person AS p USING (author_key)
ANTI JOIN core.duplicate AS d USING (submission_key, row_no);

CREATE OR REPLACE VIEW core.classified AS
FROM core.counted
WHERE unclassified IS NULL;
