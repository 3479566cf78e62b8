-- How each person's messages are spread over hours, weekdays, kinds, platforms, group sizes, and
-- between talk that names an operational reference and talk that does not. The same messages as the
-- trends: both are published over one denominator.
DELETE FROM mart.habit_contribution;
INSERT INTO mart.habit_contribution
WITH operational AS (
    SELECT ['CALL_SIGN', 'COLLAR_NUMBER', 'CRIME_REFERENCE', 'CUSTODY_NUMBER', 'INCIDENT_NUMBER',
            'OPERATION', 'PNC_ID', 'REFERENCE', 'URN', 'VEHICLE'] AS types
),
together AS (
    SELECT contributor_key, person_key AS author_key, conversation_key AS chat_key, force_code,
           month, sent_hour, isodow(sent_on) AS weekday, kind, platform, group_band,
           list_has_any(map_keys(entities), types) AS is_operational,
           count(*) AS messages
    FROM core.classified
    CROSS JOIN operational
    GROUP BY ALL
),
apart AS (
    SELECT contributor_key, author_key, chat_key, force_code, month, messages,
           unnest([
               {habit: 'hour', value: lpad(sent_hour::VARCHAR, 2, '0')},
               {habit: 'weekday', value: weekday::VARCHAR},
               {habit: 'kind', value: kind},
               {habit: 'platform', value: platform},
               {habit: 'group_size', value: group_band},
               {habit: 'operational', value: if(is_operational, 'yes', 'no')}
           ], recursive := true)
    FROM together
)
SELECT contributor_key, author_key, chat_key, force_code, month, habit, value, sum(messages)
FROM apart
GROUP BY ALL;
