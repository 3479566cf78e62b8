-- Every force's contributors in two groups, added to release_part as if each were a force: 'stable'
-- and 'others'. Stable is who wrote in at least $least months before $first and in as many after
-- $last (YYYY-MM). $months and $forces are the compared force-months, one row each.
INSERT INTO release_part
WITH unit AS (
    SELECT unnest($months) AS month, unnest($forces) AS force_code
),
active AS (
    SELECT DISTINCT force_code, contributor_key, month
    FROM release_part
    JOIN unit USING (force_code, month)
    WHERE split = 'messages'
),
stable AS (
    SELECT force_code, contributor_key, 'stable' AS grp
    FROM active
    GROUP BY ALL
    HAVING count(*) FILTER (month < $first) >= $least
       AND count(*) FILTER (month > $last) >= $least
)
SELECT p.* REPLACE (p.force_code || ' ' || coalesce(s.grp, 'others') AS force_code)
FROM release_part AS p
JOIN unit USING (force_code, month)
LEFT JOIN stable AS s USING (force_code, contributor_key)
WHERE list_contains($splits, p.split)
