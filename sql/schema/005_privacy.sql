-- What the privacy budget's ledger (ledgers/privacy.jsonl) held when something was last drawn: each
-- line by its hash. A ledger that was lost, cut short or begun anew is missed. Of nobody's messages.
CREATE TABLE core.privacy_line (
    line   INTEGER PRIMARY KEY,  -- from 1
    sha256 VARCHAR NOT NULL
);
