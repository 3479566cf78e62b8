-- Whose messages the frame is made of.
INSERT INTO label.frame
SELECT $month, stratum, submission_key, count(*) FROM label_frame GROUP BY ALL;
