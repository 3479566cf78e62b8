-- Each force's months by category, with what disclosure control asks about the people behind them.
DELETE FROM mart.force_month_category;
INSERT INTO mart.force_month_category BY NAME
WITH per_contributor AS (
    SELECT force_code, month, category, contributor_key,
           sum(messages) AS messages, sum(flagged) AS flagged
    FROM mart.contribution
    GROUP BY ALL
),
dominance AS (
    SELECT force_code, month, category,
           max(messages) / sum(messages) AS largest_share,
           list_sum(max(messages, 2)) / sum(messages) AS two_largest_share,
           max(flagged) / nullif(sum(flagged), 0) AS flagged_largest_share,
           list_sum(max(flagged, 2)) / nullif(sum(flagged), 0) AS flagged_two_largest_share
    FROM per_contributor
    GROUP BY ALL
),
total AS (
    SELECT force_code, month, category,
           sum(messages) AS messages, sum(flagged) AS flagged,
           sum(expected) AS expected, sum(challenged) AS challenged,
           count(DISTINCT contributor_key) AS contributors,
           count(DISTINCT author_key) AS authors,
           count(DISTINCT chat_key) AS chats,
           count(DISTINCT contributor_key) FILTER (flagged > 0) AS flagged_contributors,
           count(DISTINCT author_key) FILTER (flagged > 0) AS flagged_authors,
           count(DISTINCT chat_key) FILTER (flagged > 0) AS flagged_chats
    FROM mart.contribution
    GROUP BY ALL
)
SELECT *
FROM total
JOIN dominance USING (force_code, month, category);
