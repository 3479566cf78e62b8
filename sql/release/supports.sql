-- What stands behind each group of forces: release_group says which forces make which group.
-- One row a (month, split, group, value), and one with value '*' for all values together.
WITH grouped AS (
    SELECT g.month, g.split, g.grp, unnest([p.value, '*']) AS value,
           p.contributor_key, p.author_key, p.chat_key, p.messages
    FROM release_group AS g
    JOIN release_part AS p USING (month, split, force_code)
),
per_contributor AS (
    SELECT month, split, grp, value, contributor_key, sum(messages) AS messages
    FROM grouped
    GROUP BY ALL
),
held AS (
    SELECT month, split, grp, value,
           sum(messages) AS messages, count(*) AS contributors,
           max(messages) AS largest, list_sum(max(messages, 2)) AS two_largest
    FROM per_contributor
    GROUP BY ALL
),
seen AS (
    SELECT month, split, grp, value,
           count(DISTINCT author_key) AS authors, count(DISTINCT chat_key) AS chats
    FROM grouped
    GROUP BY ALL
)
SELECT month, split, grp, value,
       messages::BIGINT, contributors, authors, chats, largest::BIGINT, two_largest::BIGINT
FROM held
JOIN seen USING (month, split, grp, value)
ORDER BY ALL
