-- Forces with a message, by month.
SELECT DISTINCT month, force_code FROM release_part WHERE split = 'messages' ORDER BY ALL
