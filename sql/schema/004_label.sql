-- What people think of a random sample of messages: the classifier's error rates come from it.
-- No text here; submission_key is on every row about a message, so that a withdrawal finds them.
CREATE SCHEMA label;

-- Each month's frame, by stratum (pipelines/label/design.py): how many messages, how many drawn.
CREATE TABLE label.stratum (
    month    DATE NOT NULL,            -- its first day
    stratum  VARCHAR NOT NULL,         -- 'DISC 2', 'rest', 'wordless'
    messages BIGINT NOT NULL,
    drawn    BIGINT NOT NULL,
    PRIMARY KEY (month, stratum)
);

-- The messages drawn. place is the random order in which every labeller sees a month's.
CREATE TABLE label.item (
    month           DATE NOT NULL,
    place           UINTEGER NOT NULL,
    stratum         VARCHAR NOT NULL,
    inclusion       DOUBLE NOT NULL,   -- probability of having been drawn
    submission_key  BLOB NOT NULL,
    row_no          UINTEGER NOT NULL,
    fingerprint     BLOB NOT NULL,     -- should rows be numbered anew, it no longer fits
    contributor_key BLOB NOT NULL,
    PRIMARY KEY (submission_key, row_no)
);

CREATE TABLE label.judgement (
    submission_key BLOB NOT NULL,
    row_no         UINTEGER NOT NULL,
    labeller       VARCHAR NOT NULL,   -- a role's code, never a person
    categories     VARCHAR[] NOT NULL, -- empty: none
    PRIMARY KEY (submission_key, row_no, labeller)
);
