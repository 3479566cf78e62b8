-- Force x month x category beside the training calendar. A force that ran several programmes is
-- placed by its first: later ones act on people already trained.
DELETE FROM mart.impact_panel;
INSERT INTO mart.impact_panel BY NAME
WITH first_training AS (
    SELECT force_code, arg_min(programme, starts_on) AS programme,
           date_trunc('month', min(starts_on))::DATE AS starts
    FROM core.training
    GROUP BY force_code
)
SELECT m.force_code, m.month, m.category, m.messages, m.flagged, m.expected, m.contributors,
       t.programme,
       coalesce(m.month > t.starts, false) AS trained,
       date_diff('month', t.starts, m.month) AS months_since
FROM mart.force_month_category AS m
LEFT JOIN first_training AS t USING (force_code);
