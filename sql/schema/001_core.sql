-- What the warehouse holds. Keys are 16-byte keyed codes (HMAC-SHA256), never identities.
CREATE SCHEMA core;
CREATE SCHEMA mart;

-- Dimensions, refreshed from sql/seeds.
CREATE TABLE core.force (
    force_code VARCHAR PRIMARY KEY,
    force_name VARCHAR NOT NULL,
    short_name VARCHAR NOT NULL,
    region     VARCHAR NOT NULL
);

CREATE TABLE core.category (
    category   VARCHAR PRIMARY KEY,
    name       VARCHAR NOT NULL,
    protective BOOLEAN NOT NULL  -- SPUP: somebody challenged or reported; a strength, not a risk
);

CREATE TABLE core.training (
    force_code VARCHAR NOT NULL,
    programme  VARCHAR NOT NULL,
    starts_on  DATE NOT NULL,
    ends_on    DATE NOT NULL
);

-- The manifest: which shard holds a submission's rows, and where every line of it went.
CREATE TABLE core.submission (
    submission_key    BLOB PRIMARY KEY,
    contributor_key   BLOB NOT NULL,
    force_code        VARCHAR NOT NULL,
    scope             VARCHAR NOT NULL,
    received_at       TIMESTAMP NOT NULL,  -- UTC
    shard             VARCHAR NOT NULL,    -- SHA-256 of the rows: the shard's content address
    file_sha256       VARCHAR NOT NULL,    -- SHA-256 of the encrypted file
    model_versions    MAP(VARCHAR, VARCHAR) NOT NULL,
    lines_in          BIGINT NOT NULL,
    lines_in_messages BIGINT NOT NULL,
    lines_rejected    BIGINT NOT NULL,
    messages          BIGINT NOT NULL,
    system            BIGINT NOT NULL,     -- without an author: not staged
    other_members     BIGINT NOT NULL,     -- outside the consent's scope: not staged
    staged            BIGINT NOT NULL,
    unprocessed       BIGINT NOT NULL,     -- of those staged, text withheld because in doubt
    loaded_at         TIMESTAMP NOT NULL   -- UTC
);

-- One row a staged message. (submission_key, row_no) is unique; the warehouse gate checks it.
CREATE TABLE core.message (
    submission_key  BLOB NOT NULL,
    row_no          UINTEGER NOT NULL,
    contributor_key BLOB NOT NULL,
    chat_key        BLOB NOT NULL,
    author_key      BLOB NOT NULL,
    force_code      VARCHAR NOT NULL,
    platform        VARCHAR NOT NULL,
    scope           VARCHAR NOT NULL,
    group_band      VARCHAR NOT NULL,
    sent_on         DATE NOT NULL,
    sent_hour       UTINYINT NOT NULL,
    kind            VARCHAR NOT NULL,
    text            VARCHAR,               -- NULL once its retention has run out
    n_chars         UINTEGER NOT NULL,
    entities        MAP(VARCHAR, UINTEGER) NOT NULL,
    risks           MAP(VARCHAR, DOUBLE) NOT NULL,
    flags           VARCHAR[] NOT NULL,
    challenged      BOOLEAN,
    fingerprint     BLOB NOT NULL,
    distinctive     BOOLEAN NOT NULL,
    model_versions  MAP(VARCHAR, VARCHAR) NOT NULL
);

-- Overlap, worked out afresh after every load (sql/warehouse/overlap.sql).
CREATE TABLE core.conversation (          -- which chats are exports of the same conversation
    chat_key         BLOB PRIMARY KEY,
    conversation_key BLOB NOT NULL        -- the smallest chat_key among them
);

CREATE TABLE core.person (                -- which authors are the same person, seen in two exports
    author_key BLOB PRIMARY KEY,
    person_key BLOB NOT NULL              -- the smallest author_key among them
);

CREATE TABLE core.duplicate (             -- rows that another export already counts
    submission_key BLOB NOT NULL,
    row_no         UINTEGER NOT NULL
);

-- Every message once, as the marts count it.
CREATE VIEW core.counted AS
SELECT m.* EXCLUDE (text),
       c.conversation_key,
       coalesce(p.person_key, m.author_key) AS person_key,
       date_trunc('month', m.sent_on)::DATE AS month
FROM core.message AS m
JOIN core.conversation AS c USING (chat_key)
LEFT JOIN core.person AS p USING (author_key)
ANTI JOIN core.duplicate AS d USING (submission_key, row_no);

-- Where everything went, stage by stage: in each stage the counts add up to the total.
CREATE TABLE core.ledger (
    step    INTEGER NOT NULL,
    stage   VARCHAR NOT NULL,
    total   BIGINT NOT NULL,
    outcome VARCHAR NOT NULL,
    count   BIGINT NOT NULL,
    goes_on BOOLEAN NOT NULL              -- whether the next stage starts from this count
);
