-- Record a judgement, unless its message has been withdrawn since it was shown.
INSERT OR REPLACE INTO label.judgement
SELECT submission_key, row_no, $labeller, $categories::VARCHAR[]
FROM label.item
WHERE submission_key = $submission_key AND row_no = $row_no;
