-- Remember a line of the privacy budget's ledger: its number and its hash.
INSERT INTO core.privacy_line VALUES (?, ?);
