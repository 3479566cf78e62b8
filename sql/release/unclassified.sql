-- What stands behind the messages of some months ($months, YYYY-MM) that were not classified.
WITH per_contributor AS (
    SELECT contributor_key, sum(messages) AS messages
    FROM mart.unclassified_contribution
    WHERE list_contains($months, strftime(month, '%Y-%m'))
    GROUP BY ALL
),
held AS (
    SELECT coalesce(sum(messages), 0)::BIGINT AS messages, count(*) AS contributors,
           coalesce(max(messages), 0)::BIGINT AS largest,
           coalesce(list_sum(max(messages, 2)), 0)::BIGINT AS two_largest
    FROM per_contributor
),
seen AS (
    SELECT count(DISTINCT author_key) AS authors, count(DISTINCT chat_key) AS chats
    FROM mart.unclassified_contribution
    WHERE list_contains($months, strftime(month, '%Y-%m'))
)
SELECT messages, contributors, authors, chats, largest, two_largest
FROM held, seen;
