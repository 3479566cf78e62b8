-- Force-months up to a month ($1, YYYY-MM) beside the month the force's first training began in:
-- one row a category, and one that counts messages sent at weekends, which no training is about.
WITH outcome AS (
    SELECT force_code, month, category AS outcome, messages, flagged AS counted
    FROM mart.impact_panel
    UNION ALL
    SELECT force_code, month, 'habit:day_of_week', sum(messages),
           sum(messages) FILTER (value IN ('6', '7'))
    FROM mart.force_month_habit
    WHERE habit = 'weekday'
    GROUP BY ALL
),
start AS (
    SELECT DISTINCT force_code,
           strftime(month - to_months(months_since), '%Y-%m') AS starts
    FROM mart.impact_panel
    WHERE months_since IS NOT NULL
)
SELECT outcome, force_code, strftime(month, '%Y-%m') AS month, starts,
       messages::BIGINT, coalesce(counted, 0)::BIGINT
FROM outcome
LEFT JOIN start USING (force_code)
WHERE strftime(month, '%Y-%m') <= $1
ORDER BY ALL
