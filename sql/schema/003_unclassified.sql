-- Messages the classifier is not asked about: 'other_language' (not English, every word withheld) or
-- 'unprocessed' (withheld whole because de-identification failed or was in doubt). They are counted,
-- and are in no rate: neither above the line nor below it.
ALTER TABLE core.message ADD COLUMN unclassified VARCHAR; -- NULL where classified
UPDATE core.message
SET unclassified = 'unprocessed', risks = MAP([], [])::MAP(VARCHAR, DOUBLE), flags = [],
    challenged = NULL
WHERE text = '<UNPROCESSED>';

ALTER TABLE core.submission ADD COLUMN other_language BIGINT DEFAULT 0; -- of those staged

-- Every message once.
CREATE OR REPLACE VIEW core.counted AS
SELECT m.* EXCLUDE (text),
       c.conversation_key,
       coalesce(p.person_key, m.author_key) AS person_key,
       date_trunc('month', m.sent_on)::DATE AS month
FROM core.message AS m
JOIN core.conversation AS c USING (chat_key)
LEFT JOIN core.person AS p USING (author_key)
ANTI JOIN core.duplicate AS d USING (submission_key, row_no);

-- Those of them that rates are made from.
CREATE VIEW core.classified AS
FROM core.counted
WHERE unclassified IS NULL;

-- The rest, by who wrote them and why.
CREATE TABLE mart.unclassified_contribution (
    contributor_key BLOB NOT NULL,
    author_key      BLOB NOT NULL,
    chat_key        BLOB NOT NULL,
    force_code      VARCHAR NOT NULL,
    month           DATE NOT NULL,         -- its first day
    reason          VARCHAR NOT NULL,
    messages        BIGINT NOT NULL
);
