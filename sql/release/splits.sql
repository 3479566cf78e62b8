-- Every split and its values, whether or not a message has one.
SELECT DISTINCT category, value
FROM mart.contribution, (VALUES ('flagged'), ('not_flagged')) AS v(value)
UNION
SELECT 'CHAL', unnest(['challenged', 'unchallenged', 'not_flagged'])
UNION
SELECT DISTINCT split, value FROM release_part
ORDER BY ALL
