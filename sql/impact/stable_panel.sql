-- Force-months of stable contributors alone, as panel.sql has them of all.
SELECT split, force_code, month, sum(messages)::BIGINT,
       coalesce(sum(messages) FILTER (value IN ('flagged', 'weekend')), 0)::BIGINT
FROM release_part
WHERE suffix(force_code, ' stable') AND split <> 'messages'
GROUP BY ALL
ORDER BY ALL
