-- Messages of the frame whose text is no longer kept.
SELECT count(*) FROM label_frame JOIN core.message AS m USING (submission_key, row_no) WHERE m.text IS NULL;
