-- Contributions as splits of messages: in every split a force's values add up to its messages.
-- Parts without a message are left out: someone without a flagged one does not stand behind any.
-- Category ANY (all risky content) also gives the denominators: it has every message.
-- CHAL splits messages flagged for any risk once more: challenged by somebody else, or not. Every
-- risky message has been looked at for that (staged gate, only_risky_messages_can_be_challenged).
-- Hours, days, kinds and platforms are put in bands wide enough for ten people: a habit is published
-- whole or not at all. sql/seeds/habits.csv lists every value: a release has a row for each.
-- time_of_week comes in bands of both: its values add up to those of time_of_day and day_of_week.
CREATE OR REPLACE TEMP TABLE release_part AS
WITH contribution AS (
    SELECT strftime(month, '%Y-%m') AS month, category, force_code,
           contributor_key, author_key, chat_key, messages, flagged, challenged
    FROM mart.contribution
),
habit AS (
    SELECT strftime(month, '%Y-%m') AS month, force_code, contributor_key, author_key, chat_key,
           messages,
           CASE habit
               WHEN 'hour' THEN 'time_of_day'
               WHEN 'weekday' THEN 'day_of_week'
               WHEN 'kind' THEN 'content'
               ELSE habit
           END AS habit,
           CASE
               WHEN habit = 'hour' AND value < '06' THEN '00:00 to 05:59'
               WHEN habit = 'hour' AND value < '12' THEN '06:00 to 11:59'
               WHEN habit = 'hour' AND value < '18' THEN '12:00 to 17:59'
               WHEN habit = 'hour' THEN '18:00 to 23:59'
               WHEN habit = 'weekday' THEN if(value IN ('6', '7'), 'weekend', 'weekday')
               WHEN habit = 'kind' THEN if(value = 'text', 'text', 'not text')
               WHEN habit = 'platform' THEN if(value = 'whatsapp', value, 'other')
               ELSE value
           END AS value
    FROM mart.habit_contribution
),
part AS (
    SELECT month, 'messages' AS split, 'all' AS value, force_code,
           contributor_key, author_key, chat_key, messages
    FROM contribution
    WHERE category = 'ANY'
    UNION ALL
    SELECT month, category, 'flagged', force_code, contributor_key, author_key, chat_key, flagged
    FROM contribution
    UNION ALL
    SELECT month, category, 'not_flagged', force_code, contributor_key, author_key, chat_key,
           messages - flagged
    FROM contribution
    UNION ALL
    SELECT month, 'CHAL', unnest(['challenged', 'unchallenged', 'not_flagged']), force_code,
           contributor_key, author_key, chat_key,
           unnest([challenged, flagged - challenged, messages - flagged])
    FROM contribution
    WHERE category = 'ANY'
    UNION ALL
    SELECT month, 'habit:' || habit, value, force_code, contributor_key, author_key, chat_key,
           sum(messages)
    FROM habit
    GROUP BY ALL
)
SELECT * FROM part WHERE messages > 0;

CREATE OR REPLACE TEMP TABLE release_group (
    month VARCHAR, split VARCHAR, force_code VARCHAR, grp INTEGER
);
