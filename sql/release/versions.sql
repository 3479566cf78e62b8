-- Which versions of each tool made the counted messages of some months ($months, YYYY-MM), and what
-- stands behind each.
WITH written AS (
    SELECT model_versions, contributor_key, person_key, conversation_key, count(*) AS messages
    FROM core.counted
    WHERE list_contains($months, strftime(month, '%Y-%m'))
    GROUP BY ALL
),
used AS (
    SELECT unnest(map_entries(model_versions)) AS tool,
           contributor_key, person_key, conversation_key, messages
    FROM written
),
per_contributor AS (
    SELECT tool, contributor_key, sum(messages) AS messages
    FROM used
    GROUP BY ALL
),
held AS (
    SELECT tool, sum(messages) AS messages, count(*) AS contributors,
           max(messages) AS largest, list_sum(max(messages, 2)) AS two_largest
    FROM per_contributor
    GROUP BY ALL
),
seen AS (
    SELECT tool,
           count(DISTINCT person_key) AS authors, count(DISTINCT conversation_key) AS chats
    FROM used
    GROUP BY ALL
)
SELECT tool.key, tool.value, messages::BIGINT, contributors, authors, chats,
       largest::BIGINT, two_largest::BIGINT
FROM held
JOIN seen USING (tool)
ORDER BY ALL;
