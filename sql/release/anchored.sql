-- The lines that the privacy budget's ledger is known to have had.
SELECT sha256 FROM core.privacy_line ORDER BY line;
