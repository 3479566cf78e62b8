-- Every classified message of a month, once, in its stratum: its likeliest category and the band of
-- that probability. $edges: where bands start, ascending; below the first is 'rest'.
CREATE OR REPLACE TEMP TABLE label_frame AS
WITH top AS (
    SELECT submission_key, row_no, fingerprint, contributor_key, n_chars, risks,
           list_max(map_values(risks)) AS score
    FROM core.classified
    WHERE month = $month
),
placed AS (
    SELECT *, len(list_filter($edges::DOUBLE[], lambda edge: edge <= score)) AS band,
           map_keys(risks)[list_position(map_values(risks), score)] AS category
    FROM top
)
SELECT submission_key, row_no, fingerprint, contributor_key,
       CASE WHEN n_chars = 0 THEN 'wordless'
            WHEN coalesce(band, 0) = 0 THEN 'rest'
            ELSE category || ' ' || band END AS stratum
FROM placed;
