-- How unequally people of one force and month write, and are flagged: sums over contributors, one
-- row a (month, category, force). Parameters: the months and categories asked for, a list each.
WITH asked AS (
    SELECT unnest(?) AS month, unnest(?) AS category
),
person AS (
    SELECT category, month, force_code, contributor_key,
           sum(messages)::BIGINT AS m, sum(flagged)::BIGINT AS y
    FROM (SELECT * REPLACE (strftime(month, '%Y-%m') AS month) FROM mart.contribution)
    JOIN asked USING (month, category)
    GROUP BY ALL
)
SELECT category, count(*), sum(m)::BIGINT, sum(y)::BIGINT,
       sum(m * m)::BIGINT, sum(y * y)::BIGINT, sum(m * y)::BIGINT
FROM person
GROUP BY category, month, force_code
ORDER BY ALL
