-- Contributions as splits of messages: in every split a force's values add up to its messages.
-- Parts without a message are left out: someone without a flagged one does not stand behind any.
-- Category ANY gives the denominators only: published beside its categories it would bound them.
-- Habits are read at the grain of people, in bands wide enough for ten of them.
CREATE OR REPLACE TEMP TABLE release_part AS
WITH contribution AS (
    SELECT strftime(month, '%Y-%m') AS month, category, force_code,
           contributor_key, author_key, chat_key, messages, flagged
    FROM mart.contribution
),
habit_message AS (
    SELECT strftime(month, '%Y-%m') AS month, force_code,
           contributor_key, person_key, conversation_key,
           CASE sent_hour // 6
               WHEN 0 THEN '00:00 to 05:59'
               WHEN 1 THEN '06:00 to 11:59'
               WHEN 2 THEN '12:00 to 17:59'
               ELSE '18:00 to 23:59'
           END AS time_of_day,
           CASE WHEN isodow(sent_on) > 5 THEN 'Weekend' ELSE 'Weekday' END AS day_of_week,
           CASE WHEN kind = 'text' THEN 'Text' ELSE 'Not text' END AS content
    FROM core.counted
),
habit AS (
    UNPIVOT habit_message ON time_of_day, day_of_week, content INTO NAME habit VALUE value
),
part AS (
    SELECT month, 'messages' AS split, 'all' AS value, force_code,
           contributor_key, author_key, chat_key, messages
    FROM contribution
    WHERE category = 'ANY'
    UNION ALL
    SELECT month, category, 'flagged', force_code, contributor_key, author_key, chat_key, flagged
    FROM contribution
    WHERE category <> 'ANY'
    UNION ALL
    SELECT month, category, 'not_flagged', force_code, contributor_key, author_key, chat_key,
           messages - flagged
    FROM contribution
    WHERE category <> 'ANY'
    UNION ALL
    SELECT month, 'habit:' || habit, value, force_code,
           contributor_key, person_key, conversation_key, count(*)
    FROM habit
    GROUP BY ALL
)
SELECT * FROM part WHERE messages > 0;

CREATE OR REPLACE TEMP TABLE release_group (
    month VARCHAR, split VARCHAR, force_code VARCHAR, grp VARCHAR
);
