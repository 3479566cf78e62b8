-- Work out afresh which chats are exports of one conversation, and which rows count.
--
-- Two chats are the same conversation where, over the hours both cover,
--   * at least half the messages of the one with fewer are in the other too, and
--   * the match is no coincidence: two distinctive texts (of 20 characters or more) are shared,
--     or six texts of any length; one distinctive text is enough between two exports of the
--     same volunteer.
-- So two chats that both say "ok" at 9:15, or where an announcement was posted to both, stay apart.
-- The thresholds are in the table overlap_rule below.

CREATE OR REPLACE TEMP TABLE overlap_rule AS
SELECT 0.5 AS min_containment, 2 AS min_distinctive, 1 AS min_distinctive_same_contributor,
       6 AS min_texts;

-- 1. Messages that more than one chat has. Numbers of 64 bits stand for fingerprints and chats while
--    every message is looked at, for they take a quarter of the memory: two that share one by chance
--    are told apart by what follows.
CREATE OR REPLACE TEMP TABLE common_message AS
WITH common AS (
    SELECT hash(fingerprint) AS code
    FROM core.message
    GROUP BY code
    HAVING min(hash(chat_key)) <> max(hash(chat_key))
)
SELECT chat_key, fingerprint, kind = 'text' AS is_text, distinctive, count(*) AS n,
       max(row_no) AS last_row
FROM core.message
WHERE hash(fingerprint) IN (FROM common)
GROUP BY ALL;

-- 2. Pairs of chats that share enough for a match to mean something.
CREATE OR REPLACE TEMP TABLE candidate AS
WITH chat AS (
    SELECT DISTINCT chat_key, contributor_key FROM core.message
    SEMI JOIN common_message USING (chat_key)
),
shared AS (
    SELECT a.chat_key AS a, b.chat_key AS b,
           sum(least(a.n, b.n)) AS messages,
           count(*) FILTER (a.is_text) AS texts,
           count(*) FILTER (a.distinctive) AS distinctive,
           max(a.last_row) AS a_last, max(b.last_row) AS b_last
    FROM common_message AS a
    JOIN common_message AS b ON a.fingerprint = b.fingerprint AND a.chat_key < b.chat_key
    GROUP BY ALL
)
SELECT a, b, messages, a_last, b_last
FROM shared
JOIN chat AS of_a ON of_a.chat_key = a
JOIN chat AS of_b ON of_b.chat_key = b
CROSS JOIN overlap_rule AS r
WHERE texts >= r.min_texts
   OR distinctive >= CASE WHEN of_a.contributor_key = of_b.contributor_key
                          THEN r.min_distinctive_same_contributor
                          ELSE r.min_distinctive END;

-- 3. Of those, the pairs where one contains half of the other, over the hours both cover. Where one
--    chat goes on after the other has ended, what it says in the last of those hours after the last
--    shared message may lie beyond the other's end, and is left out.
CREATE OR REPLACE TEMP TABLE same_conversation AS
WITH placed AS (
    SELECT chat_key, row_no, sent_on + to_hours(sent_hour) AS hour
    FROM core.message
    WHERE chat_key IN (SELECT a FROM candidate UNION SELECT b FROM candidate)
),
span AS (
    SELECT chat_key, min(hour) AS starts, max(hour) AS ends FROM placed GROUP BY chat_key
),
pair AS (
    SELECT candidate.*,
           of_a.starts AS a_starts, of_b.starts AS b_starts, of_a.ends AS a_ends, of_b.ends AS b_ends
    FROM candidate
    JOIN span AS of_a ON of_a.chat_key = a
    JOIN span AS of_b ON of_b.chat_key = b
),
side AS (
    SELECT a, b, messages, a AS chat_key, a_last AS last_row,
           b_starts AS other_starts, b_ends AS other_ends, a_starts AS starts, a_ends AS ends
    FROM pair
    UNION ALL
    SELECT a, b, messages, b, b_last, a_starts, a_ends, b_starts, b_ends
    FROM pair
),
sized AS (
    SELECT a, b, messages, chat_key, count(*) AS n
    FROM side
    JOIN placed USING (chat_key)
    WHERE hour BETWEEN greatest(starts, other_starts) AND least(ends, other_ends)
      AND NOT (ends > other_ends AND hour = other_ends AND row_no > last_row)
    GROUP BY ALL
)
SELECT a, b
FROM sized
GROUP BY a, b, messages
HAVING messages >= min(n) * (SELECT min_containment FROM overlap_rule);

-- 4. Conversations: chats connected by such pairs, named after the smallest key among them.
DELETE FROM core.conversation;
INSERT INTO core.conversation
WITH RECURSIVE edge AS (
    SELECT a, b FROM same_conversation UNION ALL SELECT b, a FROM same_conversation
),
reached (chat_key, other) AS (
    SELECT DISTINCT chat_key, chat_key FROM core.message
    UNION
    SELECT reached.chat_key, edge.b FROM reached JOIN edge ON edge.a = reached.other
)
SELECT chat_key, min(other) FROM reached GROUP BY chat_key;

-- 5. In a conversation exported more than once, which rows are the same message. Rows with the
--    same fingerprint are numbered within each export: the first "ok" of a minute in one is the
--    first in another, and a minute with two has two in the end. Under own_messages each
--    volunteer's rows are their own, so different volunteers' never stand for the same message.
--    A message that no other chat has is a duplicate of none, and is not looked at.
CREATE OR REPLACE TEMP TABLE occurrence AS
WITH several AS (
    SELECT conversation_key FROM core.conversation GROUP BY conversation_key HAVING count(*) > 1
),
numbered AS (
    SELECT c.conversation_key, m.fingerprint, m.distinctive, m.scope, m.contributor_key,
           m.author_key, s.received_at, m.submission_key, m.chat_key, m.row_no,
           row_number() OVER (PARTITION BY m.chat_key, m.fingerprint ORDER BY m.row_no) AS place
    FROM core.message AS m
    JOIN core.conversation AS c USING (chat_key)
    SEMI JOIN several USING (conversation_key)
    SEMI JOIN common_message USING (fingerprint)
    JOIN core.submission AS s USING (submission_key)
),
volunteer AS (
    SELECT conversation_key, fingerprint, contributor_key, max(place) AS n
    FROM numbered
    WHERE scope = 'own_messages'
    GROUP BY ALL
),
before AS (
    SELECT conversation_key, fingerprint, contributor_key, 'own_messages' AS scope,
           sum(n) OVER (PARTITION BY conversation_key, fingerprint ORDER BY contributor_key) - n
               AS places
    FROM volunteer
)
SELECT numbered.* EXCLUDE (place), place + coalesce(places, 0) AS place
FROM numbered
LEFT JOIN before USING (conversation_key, fingerprint, contributor_key, scope);

-- 6. The earliest received keeps the message; the others' rows are duplicates.
DELETE FROM core.duplicate;
INSERT INTO core.duplicate
SELECT submission_key, row_no
FROM occurrence
QUALIFY row_number() OVER (
    PARTITION BY conversation_key, fingerprint, place
    ORDER BY received_at, submission_key, chat_key
) > 1;

-- 7. Authors of the same distinctive message, said once, are one person.
DELETE FROM core.person;
INSERT INTO core.person
WITH RECURSIVE said AS (
    SELECT conversation_key, fingerprint, min(author_key) AS a, max(author_key) AS b
    FROM occurrence
    WHERE distinctive
    GROUP BY ALL
    HAVING max(place) = 1
),
author AS (
    SELECT DISTINCT o.author_key AS a, said.a AS b
    FROM occurrence AS o
    JOIN said USING (conversation_key, fingerprint)
    WHERE said.a <> said.b AND o.author_key <> said.a
),
edge AS (
    SELECT a, b FROM author UNION ALL SELECT b, a FROM author
),
reached (author_key, other) AS (
    SELECT DISTINCT a, a FROM edge
    UNION
    SELECT reached.author_key, edge.b FROM reached JOIN edge ON edge.a = reached.other
)
SELECT author_key, min(other) FROM reached GROUP BY author_key;

DROP TABLE overlap_rule;
DROP TABLE common_message;
DROP TABLE candidate;
DROP TABLE same_conversation;
DROP TABLE occurrence;
