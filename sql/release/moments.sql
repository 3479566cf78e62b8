-- How unequally people of one force and month write, and are flagged: sums over contributors, one
-- row a (month, category, force). Of CHAL: how many risky messages they write, and how many of these
-- are challenged. Parameters: the months and categories asked for, a list each.
WITH asked AS (
    SELECT unnest(?) AS month, unnest(?) AS category
),
counted AS (
    SELECT month, category, force_code, contributor_key, messages AS whole, flagged AS part
    FROM mart.contribution
    UNION ALL
    SELECT month, 'CHAL', force_code, contributor_key, flagged, challenged
    FROM mart.contribution
    WHERE category = 'ANY'
),
person AS (
    SELECT category, month, force_code, contributor_key,
           sum(whole)::BIGINT AS m, sum(part)::BIGINT AS y
    FROM (SELECT * REPLACE (strftime(month, '%Y-%m') AS month) FROM counted)
    JOIN asked USING (month, category)
    GROUP BY ALL
)
SELECT category, count(*), sum(m)::BIGINT, sum(y)::BIGINT,
       sum(m * m)::BIGINT, sum(y * y)::BIGINT, sum(m * y)::BIGINT
FROM person
GROUP BY category, month, force_code
ORDER BY ALL
