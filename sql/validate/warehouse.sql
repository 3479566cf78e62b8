-- What gate 2 looks at: the warehouse's own tables, under one name each.
CREATE VIEW message AS FROM warehouse.core.message;
CREATE VIEW submission AS FROM warehouse.core.submission;
CREATE VIEW conversation AS FROM warehouse.core.conversation;
CREATE VIEW person AS FROM warehouse.core.person;
CREATE VIEW duplicate AS FROM warehouse.core.duplicate;
CREATE VIEW ledger AS FROM warehouse.core.ledger;
CREATE VIEW force AS FROM warehouse.core.force;
CREATE VIEW category AS FROM warehouse.core.category;
CREATE VIEW contribution AS FROM warehouse.mart.contribution;
CREATE VIEW trend AS FROM warehouse.mart.force_month_category;
CREATE VIEW habit AS FROM warehouse.mart.force_month_habit;
CREATE VIEW impact AS FROM warehouse.mart.impact_panel;

CREATE VIEW unclassified AS FROM warehouse.mart.unclassified_contribution;

-- Messages as the marts count them: those of the warehouse that no other export already counts.
CREATE VIEW counted AS
FROM warehouse.core.message
ANTI JOIN warehouse.core.duplicate USING (submission_key, row_no);
CREATE VIEW classified AS FROM counted WHERE unclassified IS NULL;

-- What the classifier makes of a fixed sample, beside what was recorded for its version: filled by
-- pipelines/prevalence/drift.py.
CREATE TABLE reference (
    version VARCHAR, category VARCHAR, flagged BIGINT, recorded BIGINT, psi DOUBLE
);

-- How far each category's scores of the latest month lie from those of the six before: population
-- stability index over whole log-odds from 1 in 1,000 to 999 in 1,000, half a message added to each
-- bin. Texts alone: other kinds are not all read.
CREATE VIEW score_shift AS
WITH latest AS (
    SELECT max(date_trunc('month', sent_on)) AS month FROM classified
),
score AS (
    SELECT sent_on >= month AS now, unnest(map_entries(risks)) AS risk
    FROM classified, latest
    WHERE kind = 'text' AND sent_on >= month - INTERVAL 6 MONTH
),
binned AS (
    SELECT risk.key AS category,
           floor(ln(greatest(least(risk.value, 0.999), 0.001)
                    / (1 - greatest(least(risk.value, 0.999), 0.001)))) AS bin,
           count(*) FILTER (now) AS here, count(*) FILTER (NOT now) AS before
    FROM score
    GROUP BY ALL
),
shares AS (
    SELECT category, bin,
           sum(here) OVER whole AS messages, sum(before) OVER whole AS messages_before,
           (here + 0.5) / (messages + 0.5 * count(*) OVER whole) AS share,
           (before + 0.5) / (messages_before + 0.5 * count(*) OVER whole) AS share_before
    FROM binned
    WINDOW whole AS (PARTITION BY category)
)
SELECT category, messages, messages_before,
       sum((share - share_before) * ln(share / share_before)) AS psi
FROM shares
GROUP BY ALL;
