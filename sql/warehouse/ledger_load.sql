-- From lines in to messages counted once. Each count is taken where it lies: of lines and messages
-- from the manifest, of rows from the rows.
DELETE FROM core.ledger;
INSERT INTO core.ledger
WITH manifest AS (
    -- coalesce: once the last submission is withdrawn there is nothing to add up
    SELECT coalesce(sum(lines_in), 0) AS lines_in,
           coalesce(sum(lines_in_messages), 0) AS lines_in_messages,
           coalesce(sum(lines_rejected), 0) AS lines_rejected,
           coalesce(sum(messages), 0) AS messages,
           coalesce(sum(system), 0) AS system,
           coalesce(sum(other_members), 0) AS other_members,
           coalesce(sum(staged), 0) AS staged
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
