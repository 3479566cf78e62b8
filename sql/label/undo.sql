DELETE FROM label.judgement
WHERE submission_key = $submission_key AND row_no = $row_no AND labeller = $labeller;
