-- Messages by month.
SELECT month, sum(messages)::BIGINT FROM release_part WHERE split = 'messages' GROUP BY month ORDER BY month
