-- How each person's messages are spread over hours, weekdays, kinds, platforms, group sizes, and
-- between talk that names an operational reference and talk that does not. The same messages as the
-- trends: both are published over one denominator.
-- Day and hour together (time_of_week) are in the release's bands already (sql/release/parts.sql):
-- nothing finer is asked of the two, and hours by weekdays would double the mart.
DELETE FROM mart.habit_contribution;
INSERT INTO mart.habit_contribution BY NAME
WITH operational AS (
    SELECT ['CALL_SIGN', 'COLLAR_NUMBER', 'CRIME_REFERENCE', 'CUSTODY_NUMBER', 'INCIDENT_NUMBER',
            'OPERATION', 'PNC_ID', 'REFERENCE', 'URN', 'VEHICLE'] AS types
),
message AS (
    SELECT contributor_key, person_key AS author_key, conversation_key AS chat_key, force_code, month,
           lpad(sent_hour::VARCHAR, 2, '0') AS hour, isodow(sent_on)::VARCHAR AS weekday,
           if(isodow(sent_on) >= 6, 'weekend', 'weekday') || CASE
               WHEN sent_hour < 6 THEN ' 00:00 to 05:59'
               WHEN sent_hour < 12 THEN ' 06:00 to 11:59'
               WHEN sent_hour < 18 THEN ' 12:00 to 17:59'
               ELSE ' 18:00 to 23:59'
           END AS time_of_week,
           kind, platform, group_band AS group_size,
           if(list_has_any(map_keys(entities), types), 'yes', 'no') AS operational
    FROM core.classified
    CROSS JOIN operational
),
counted AS (
    SELECT contributor_key, author_key, chat_key, force_code, month,
           hour, weekday, time_of_week, kind, platform, group_size, operational,
           count(*) AS messages
    FROM message
    GROUP BY GROUPING SETS (
        (contributor_key, author_key, chat_key, force_code, month, hour),
        (contributor_key, author_key, chat_key, force_code, month, weekday),
        (contributor_key, author_key, chat_key, force_code, month, time_of_week),
        (contributor_key, author_key, chat_key, force_code, month, kind),
        (contributor_key, author_key, chat_key, force_code, month, platform),
        (contributor_key, author_key, chat_key, force_code, month, group_size),
        (contributor_key, author_key, chat_key, force_code, month, operational)
    )
)
UNPIVOT counted ON hour, weekday, time_of_week, kind, platform, group_size, operational
    INTO NAME habit VALUE value;
