-- Invented staged rows for `make bench-warehouse`, 5,000 a shard, made by hashes alone so that a shard
-- is the same every time. Of four shards the first two are exports of one chat, half of it in both;
-- the other two are volunteers' own messages. One message in ten is an "ok", whose fingerprint is the
-- same in every chat that says it in that minute.
CREATE TABLE force AS
SELECT force_code, row_number() OVER (ORDER BY force_code) - 1 AS place
FROM read_csv($seeds || '/forces.csv', header = true, all_varchar = true);

CREATE TABLE said AS
SELECT * FROM (VALUES
    (0, 'who has the keys for the second van this time'),
    (1, 'briefing has moved to half past, bring a coat and <PERSON>'),
    (2, 'can somebody swap my late on friday for an early please, i will owe you one'),
    (3, 'that was the fourth one and it is not even lunch'),
    (4, 'afraid so, bring something from home and put your name on it'),
    (5, 'on my way'),
    (6, 'is the canteen shut again tonight or is it just me, asking for a whole shift'),
    (7, 'they are on the hook by the door where they always are')
) AS t(number, text);

-- A probability that is mostly small, and over a half for one message in 140.
CREATE MACRO score(seed, category) AS
    0.0005 + 0.999 * pow((hash(seed, category) % 1000000)::DOUBLE / 1000000, 100);

CREATE MACRO staged_rows(first_shard, shards) AS TABLE
WITH placed AS (
    SELECT shard, row_no, shard % 4 < 2 AS whole,
           if(shard % 4 < 2, shard // 4, -shard) AS chat,
           row_no + if(shard % 4 = 1, 2500, 0) AS number
    FROM (SELECT first_shard + n // 5000 AS shard, n % 5000 AS row_no FROM range(shards * 5000) AS r(n))
),
message AS (
    SELECT *, hash(chat, number) AS seed,
           TIMESTAMP '2023-01-01' + to_minutes(number * 263 + (hash(chat, number) % 263)::BIGINT)
               AS sent_at
    FROM placed
),
worded AS (
    SELECT message.*,
           if(seed % 100 < 8, 'media', 'text') AS kind,
           seed % 100 BETWEEN 8 AND 17 AS short,
           CASE WHEN seed % 100 < 8 THEN '' WHEN seed % 100 < 18 THEN 'ok' ELSE said.text END AS text,
           map(['BULL', 'DISC', 'DISR', 'FITN', 'FORC', 'INSU', 'INTG', 'OPS', 'PERS', 'SEXM', 'SPUP',
                'VIOL'],
               [score(seed, 1), score(seed, 2), score(seed, 3), score(seed, 4), score(seed, 5),
                score(seed, 6), score(seed, 7), score(seed, 8), score(seed, 9), score(seed, 10),
                score(seed, 11), score(seed, 12)]) AS risks
    FROM message
    JOIN said ON said.number = seed % 8
),
flagged AS (
    SELECT *,
           list_transform(
               list_filter(map_entries(risks), lambda e: e.value > 0.5), lambda e: e.key
           ) AS flags
    FROM worded
)
SELECT shard, unhex(md5('submission ' || shard)) AS submission_key,
       row_no::UINTEGER AS row_no,
       unhex(md5('contributor ' || shard)) AS contributor_key,
       unhex(md5('chat ' || shard)) AS chat_key,
       unhex(md5('author ' || shard || if(whole, ' ' || seed % 10, ''))) AS author_key,
       force_code,
       'whatsapp' AS platform,
       if(whole, 'whole_chat', 'own_messages') AS scope,
       '10-29' AS group_band,
       sent_at::DATE AS sent_on,
       hour(sent_at)::UTINYINT AS sent_hour,
       kind,
       text,
       length(text)::UINTEGER AS n_chars,
       if(contains(text, '<PERSON>'), MAP {'PERSON': 1}, MAP {})::MAP(VARCHAR, UINTEGER) AS entities,
       risks,
       flags,
       if(len(list_filter(flags, lambda code: code <> 'SPUP')) > 0, seed % 7 = 0, NULL) AS challenged,
       NULL::VARCHAR AS unclassified,
       unhex(md5(if(short, 'ok', chat || ' ' || number) || epoch(sent_at))) AS fingerprint,
       length(text) >= 20 AS distinctive,
       MAP {'candour': '1', 'classifier': $classifier, 'deidentifier': '1'} AS model_versions
FROM flagged
JOIN force ON force.place = (shard // 4) % (SELECT count(*) FROM force);
