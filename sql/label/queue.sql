-- What a labeller has judged and, after it, what waits; without what can no longer be read.
SELECT i.submission_key, i.row_no, m.kind, m.text, j.labeller IS NOT NULL AS judged
FROM label.item AS i
JOIN core.message AS m USING (submission_key, row_no, fingerprint)
LEFT JOIN label.judgement AS j
    ON j.submission_key = i.submission_key AND j.row_no = i.row_no AND j.labeller = $labeller
WHERE m.text IS NOT NULL
ORDER BY judged DESC, i.month, i.place;
