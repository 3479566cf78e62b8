-- Months of which every stratum has such a message, so that the judged stand for the whole month.
-- A stratum all of whose messages were withdrawn is not waited for.
CREATE OR REPLACE TEMP TABLE label_complete AS
SELECT month
FROM (
    SELECT i.month, i.stratum, count(j.row_no) AS judged
    FROM label.item AS i
    LEFT JOIN label_judged AS j USING (submission_key, row_no)
    GROUP BY ALL
)
GROUP BY month
HAVING min(judged) > 0;
