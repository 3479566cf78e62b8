-- One row a contributor and series of a month: their messages, or those flagged for a category,
-- cut to a bound. Parameters: month (a date), bound on messages, bound on flagged messages.
-- Made from core.message, not core.classified: which of two exports counts a shared message depends
-- on the other contributor, and a contributor's row must depend on nobody else's. Like there,
-- messages that were not classified are neither above the line nor below it.
WITH theirs AS (
    SELECT contributor_key, flags
    FROM core.message
    WHERE date_trunc('month', sent_on) = ? AND unclassified IS NULL
)
SELECT 'messages' AS series, least(count(*), ?)::INTEGER AS bounded
FROM theirs
GROUP BY contributor_key
UNION ALL
SELECT flag, least(count(*), ?)::INTEGER
FROM (SELECT contributor_key, unnest(flags) AS flag FROM theirs)
GROUP BY contributor_key, flag
