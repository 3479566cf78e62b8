-- Each force's months by habit, with what disclosure control asks about the people behind them.
DELETE FROM mart.force_month_habit;
INSERT INTO mart.force_month_habit BY NAME
WITH per_contributor AS (
    SELECT force_code, month, habit, value, contributor_key, sum(messages) AS messages
    FROM mart.habit_contribution
    GROUP BY ALL
),
held AS (
    SELECT force_code, month, habit, value,
           sum(messages) AS messages, count(*) AS contributors,
           max(messages) AS largest, list_sum(max(messages, 2)) AS two_largest
    FROM per_contributor
    GROUP BY ALL
),
seen AS (
    SELECT force_code, month, habit, value,
           count(DISTINCT author_key) AS authors, count(DISTINCT chat_key) AS chats
    FROM mart.habit_contribution
    GROUP BY ALL
)
SELECT *
FROM held
JOIN seen USING (force_code, month, habit, value);
