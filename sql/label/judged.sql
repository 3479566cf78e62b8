-- Judged messages that a classifier ($classifier, its version) read. One whose text was dropped before
-- another classifier came keeps the flags of the old one.
CREATE OR REPLACE TEMP TABLE label_judged AS
SELECT submission_key, row_no, list(categories) AS opinions
FROM label.judgement
SEMI JOIN (
    FROM core.submission WHERE model_versions['classifier'] = $classifier
) USING (submission_key)
GROUP BY ALL;
