-- What each person contributed to each force and month, by category; ANY is any risk. Messages that
-- were not classified are in unclassified_contribution: here they would pass for clean ones.
-- A message's probability of any risk is 1 - (1 - p1)(1 - p2)...: categories taken as independent
-- given its text, which at low rates is close to their sum.
DELETE FROM mart.contribution;
INSERT INTO mart.contribution
WITH risk AS (
    SELECT list(category) AS codes FROM core.category WHERE NOT protective
),
scored AS (
    SELECT contributor_key, person_key AS author_key, conversation_key AS chat_key, force_code,
           month, risks, flags, challenged,
           list_has_any(flags, codes) AS any_flagged,
           1 - coalesce(list_product([
               CASE WHEN list_contains(codes, p.key) THEN 1 - p.value ELSE 1 END
               FOR p IN map_entries(risks)
           ]), 1) AS any_expected  -- a product of nothing is NULL
    FROM core.classified
    CROSS JOIN risk
),
by_category AS (
    SELECT contributor_key, author_key, chat_key, force_code, month, category,
           count(*) AS messages,
           count(*) FILTER (list_contains(flags, category)) AS flagged,
           coalesce(sum(risks[category]), 0) AS expected,
           count(*) FILTER (list_contains(flags, category) AND challenged) AS challenged
    FROM scored
    CROSS JOIN core.category
    GROUP BY ALL
),
any_risk AS (
    SELECT contributor_key, author_key, chat_key, force_code, month, 'ANY' AS category,
           count(*) AS messages,
           count(*) FILTER (any_flagged) AS flagged,
           sum(any_expected) AS expected,
           count(*) FILTER (any_flagged AND challenged) AS challenged
    FROM scored
    GROUP BY ALL
)
FROM by_category
UNION ALL
FROM any_risk;
