-- The judgements of every message that two labellers or more have judged.
SELECT list(categories) FROM label.judgement GROUP BY submission_key, row_no HAVING count(*) > 1;
