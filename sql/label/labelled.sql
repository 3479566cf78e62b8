-- Each judged message of the complete months, by category and for ANY risk: how many messages it
-- stands for, whether it is flagged as the warehouse has it now, and the share of its labellers who
-- say that it belongs.
WITH risk AS (
    SELECT list(category) AS codes FROM core.category WHERE NOT protective
),
seen AS (
    SELECT i.month, i.stratum, i.contributor_key, i.place, m.flags, j.opinions,
           coalesce(p.person_key, m.author_key) AS author_key,
           s.messages / count(*) OVER (PARTITION BY i.month, i.stratum) AS weight
    FROM label.item AS i
    SEMI JOIN label_complete USING (month)
    JOIN label_judged AS j USING (submission_key, row_no)
    JOIN core.message AS m USING (submission_key, row_no, fingerprint)
    JOIN label.size AS s USING (month, stratum)
    LEFT JOIN core.person AS p USING (author_key)
    WHERE m.unclassified IS NULL
),
by_category AS (
    SELECT seen.*, category, list_contains(flags, category) AS flagged,
           list_avg([list_contains(o, category)::INTEGER FOR o IN opinions]) AS judged
    FROM seen
    CROSS JOIN core.category
),
any_risk AS (
    SELECT seen.*, 'ANY' AS category, list_has_any(flags, codes) AS flagged,
           list_avg([list_has_any(o, codes)::INTEGER FOR o IN opinions]) AS judged
    FROM seen
    CROSS JOIN risk
)
SELECT category, strftime(month, '%Y-%m') AS month, stratum, weight, flagged, judged, contributor_key,
       author_key
FROM (FROM by_category UNION ALL FROM any_risk)
ORDER BY category, month, place;
