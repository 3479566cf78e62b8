SELECT step, stage, total, outcome, count, goes_on FROM core.ledger ORDER BY step, rowid;
