-- A simple random sample of each stratum: those whose keyed hash is smallest. A second hash gives
-- the order they are judged in, so that whoever stops early has judged a random part.
INSERT INTO label.item BY NAME
WITH shuffled AS (
    SELECT label_frame.*, s.messages, s.drawn,
           row_number() OVER (
               PARTITION BY stratum
               ORDER BY sha256($seed || 'draw' || hex(submission_key) || ' ' || row_no)
           ) AS turn
    FROM label_frame
    JOIN label.stratum AS s USING (stratum)
    WHERE s.month = $month
)
SELECT $month AS month, stratum, drawn / messages AS inclusion,
       submission_key, row_no, fingerprint, contributor_key,
       row_number() OVER (
           ORDER BY sha256($seed || 'order' || hex(submission_key) || ' ' || row_no)
       ) AS place
FROM shuffled
WHERE turn <= drawn;
