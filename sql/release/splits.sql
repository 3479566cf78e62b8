-- Every category's split and the challenge's, with their values, whether or not a message has one.
SELECT DISTINCT category, value
FROM mart.contribution, (VALUES ('flagged'), ('not_flagged')) AS v(value)
UNION
SELECT 'CHAL', unnest(['challenged', 'unchallenged', 'not_flagged'])
ORDER BY ALL
