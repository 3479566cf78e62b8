-- From lines in to messages counted once. Each count is taken where it lies: of lines and messages
-- from the manifest, of rows from the rows.
DELETE FROM core.ledger;
INSERT INTO core.ledger
WITH manifest AS (
    SELECT sum(lines_in) AS lines_in, sum(lines_in_messages) AS lines_in_messages,
           sum(lines_rejected) AS lines_rejected, sum(messages) AS messages,
           sum(system) AS system, sum(other_members) AS other_members, sum(staged) AS staged
    FROM core.submission
),
found AS (
    SELECT (SELECT count(*) FROM core.message) AS loaded,
           (SELECT count(*) FROM core.counted) AS counted,
           (SELECT count(*) FROM core.duplicate) AS duplicates
)
SELECT 1, 'lines in', lines_in, 'part of a message', lines_in_messages, false FROM manifest
UNION ALL
SELECT 1, 'lines in', lines_in, 'rejected, with a reason', lines_rejected, false FROM manifest
UNION ALL
SELECT 2, 'messages', messages, 'system lines, by nobody', system, false FROM manifest
UNION ALL
SELECT 2, 'messages', messages, 'by other members, not covered by consent', other_members, false
FROM manifest
UNION ALL
SELECT 2, 'messages', messages, 'staged', staged, true FROM manifest
UNION ALL
SELECT 3, 'rows staged', staged, 'loaded', loaded, true FROM manifest, found
UNION ALL
SELECT 4, 'rows loaded', loaded, 'counted elsewhere, in an overlapping export', duplicates, false
FROM found
UNION ALL
SELECT 4, 'rows loaded', loaded, 'counted', counted, true FROM found;
