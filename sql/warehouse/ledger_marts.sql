-- From messages counted once to messages in each mart. Run after the marts are built.
DELETE FROM core.ledger WHERE step > 4;
INSERT INTO core.ledger
WITH counted AS (SELECT count(*) AS n FROM core.counted),
trends AS (
    SELECT coalesce(sum(messages), 0) AS n FROM mart.force_month_category WHERE category = 'ANY'
),
unclassified AS (
    SELECT coalesce(sum(messages) FILTER (reason = 'other_language'), 0) AS other_language,
           coalesce(sum(messages) FILTER (reason = 'unprocessed'), 0) AS unprocessed
    FROM mart.unclassified_contribution
),
habits AS (
    SELECT coalesce(sum(messages), 0) AS n FROM mart.force_month_habit WHERE habit = 'hour'
)
SELECT 5, 'messages counted', counted.n, 'in the trends mart', trends.n, true FROM counted, trends
UNION ALL
SELECT 5, 'messages counted', counted.n, 'not classified: not in English',
       unclassified.other_language, false
FROM counted, unclassified
UNION ALL
SELECT 5, 'messages counted', counted.n, 'not classified: withheld whole, in doubt',
       unclassified.unprocessed, false
FROM counted, unclassified
UNION ALL
SELECT 6, 'messages in the trends mart', trends.n, 'in the habits mart', habits.n, true
FROM trends, habits;
