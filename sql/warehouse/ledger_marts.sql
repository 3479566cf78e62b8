-- From messages counted once to messages in each mart. Run after the marts are built.
DELETE FROM core.ledger WHERE step > 4;
INSERT INTO core.ledger
WITH counted AS (SELECT count(*) AS n FROM core.counted),
trends AS (
    SELECT coalesce(sum(messages), 0) AS n FROM mart.force_month_category WHERE category = 'ANY'
),
habits AS (
    SELECT coalesce(sum(messages), 0) AS n FROM mart.force_month_habit WHERE habit = 'hour'
)
SELECT 5, 'messages counted', counted.n, 'in the trends mart', trends.n, true FROM counted, trends
UNION ALL
SELECT 6, 'messages in the trends mart', trends.n, 'in the habits mart', habits.n, true
FROM trends, habits;
