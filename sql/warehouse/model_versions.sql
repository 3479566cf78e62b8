-- Which versions of each tool the loaded rows were made with.
SELECT tool.key AS tool, string_agg(DISTINCT tool.value, ', ' ORDER BY tool.value) AS versions
FROM (SELECT unnest(map_entries(model_versions)) AS tool FROM core.submission)
GROUP BY ALL
ORDER BY tool;
