-- What stands behind each group of forces and months: release_group says which make which.
-- One row a (group, value), and one with value '*' for all values together.
WITH grouped AS (
    SELECT g.grp, unnest([p.value, '*']) AS value,
           p.contributor_key, p.author_key, p.chat_key, p.messages
    FROM release_group AS g
    JOIN release_part AS p USING (month, split, force_code)
),
per_contributor AS (
    SELECT grp, value, contributor_key, sum(messages) AS messages
    FROM grouped
    GROUP BY ALL
),
held AS (
    SELECT grp, value,
           sum(messages) AS messages, count(*) AS contributors,
           max(messages) AS largest, list_sum(max(messages, 2)) AS two_largest
    FROM per_contributor
    GROUP BY ALL
),
seen AS (
    SELECT grp, value,
           count(DISTINCT author_key) AS authors, count(DISTINCT chat_key) AS chats
    FROM grouped
    GROUP BY ALL
)
SELECT grp, value, messages::BIGINT, contributors, authors, chats,
       largest::BIGINT, two_largest::BIGINT
FROM held
JOIN seen USING (grp, value)
ORDER BY ALL
