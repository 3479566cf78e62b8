-- Each month's frame by submission: when one is withdrawn its messages leave the frame with it, and
-- the judged ones that are left stand for no more than is left.
CREATE TABLE label.frame (
    month          DATE NOT NULL,
    stratum        VARCHAR NOT NULL,
    submission_key BLOB NOT NULL,
    messages       BIGINT NOT NULL
);

-- Of samples drawn before this was kept, nobody knows how many messages were whose.
INSERT INTO label.frame SELECT month, stratum, ''::BLOB, messages FROM label.stratum;

-- How many messages each stratum has now. label.stratum keeps how many it had when it was drawn.
CREATE VIEW label.size AS
SELECT month, stratum, sum(messages)::BIGINT AS messages
FROM label.frame
GROUP BY ALL;
