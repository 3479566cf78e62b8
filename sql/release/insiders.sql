-- What each contributor wrote, by split value, month and force. Parameter: a list of months.
SELECT contributor_key, split, value, month, force_code, sum(messages)::BIGINT
FROM release_part
WHERE list_contains(?, month)
GROUP BY ALL
ORDER BY ALL
