-- Aggregates the release is made from. Internal: nothing here has passed disclosure control.

-- The finest: what each person contributed. Every margin's distinct counts (contributors, authors,
-- chats, at force, region, national; month, quarter) derive from it; sums of counts would not do.
-- author_key is core.person's, chat_key core.conversation's. Category ANY is any risk (not SPUP).
CREATE TABLE mart.contribution (
    contributor_key BLOB NOT NULL,
    author_key      BLOB NOT NULL,
    chat_key        BLOB NOT NULL,
    force_code      VARCHAR NOT NULL,
    month           DATE NOT NULL,         -- its first day
    category        VARCHAR NOT NULL,
    messages        BIGINT NOT NULL,       -- all of them, the same for every category
    flagged         BIGINT NOT NULL,       -- those over the category's threshold
    expected        DOUBLE NOT NULL,       -- sum of probabilities
    challenged      BIGINT NOT NULL        -- flagged ones that somebody objected to
);

CREATE TABLE mart.force_month_category (
    force_code           VARCHAR NOT NULL,
    month                DATE NOT NULL,
    category             VARCHAR NOT NULL,
    messages             BIGINT NOT NULL,
    flagged              BIGINT NOT NULL,
    expected             DOUBLE NOT NULL,
    challenged           BIGINT NOT NULL,
    contributors         BIGINT NOT NULL,
    authors              BIGINT NOT NULL,
    chats                BIGINT NOT NULL,
    flagged_contributors BIGINT NOT NULL,
    flagged_authors      BIGINT NOT NULL,
    flagged_chats        BIGINT NOT NULL,
    largest_share        DOUBLE NOT NULL,  -- of messages, held by the largest contributor
    two_largest_share    DOUBLE NOT NULL,
    flagged_largest_share     DOUBLE,      -- of flagged messages; NULL where there are none
    flagged_two_largest_share DOUBLE
);

-- The same for habits: how chats are used. Values of a habit sum to all of a person's messages.
-- hour 00-23, weekday 1 (Monday) to 7, kind, platform, group_size, and operational (yes or no):
-- whether the message names an incident, a custody record, a call sign or the like.
CREATE TABLE mart.habit_contribution (
    contributor_key BLOB NOT NULL,
    author_key      BLOB NOT NULL,
    chat_key        BLOB NOT NULL,
    force_code      VARCHAR NOT NULL,
    month           DATE NOT NULL,
    habit           VARCHAR NOT NULL,
    value           VARCHAR NOT NULL,
    messages        BIGINT NOT NULL
);

-- One row a (force, month, habit, value).
CREATE TABLE mart.force_month_habit (
    force_code   VARCHAR NOT NULL,
    month        DATE NOT NULL,
    habit        VARCHAR NOT NULL,
    value        VARCHAR NOT NULL,
    messages     BIGINT NOT NULL,
    contributors BIGINT NOT NULL,
    authors      BIGINT NOT NULL,
    chats        BIGINT NOT NULL,
    largest      BIGINT NOT NULL,          -- messages of the largest contributor
    two_largest  BIGINT NOT NULL
);

-- Force x month x category with the training calendar beside it.
CREATE TABLE mart.impact_panel (
    force_code     VARCHAR NOT NULL,
    month          DATE NOT NULL,
    category       VARCHAR NOT NULL,
    messages       BIGINT NOT NULL,
    flagged        BIGINT NOT NULL,
    expected       DOUBLE NOT NULL,
    contributors   BIGINT NOT NULL,
    programme      VARCHAR,                -- first one by that force; NULL where never trained
    trained        BOOLEAN NOT NULL,       -- the month starts after training began
    months_since   INTEGER                 -- from the month training began: -1 before, 0, 1...; NULL never
);
