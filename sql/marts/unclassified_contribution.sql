-- What each person wrote that the classifier was not asked about, by reason.
DELETE FROM mart.unclassified_contribution;
INSERT INTO mart.unclassified_contribution
SELECT contributor_key, person_key, conversation_key, force_code, month, unclassified, count(*)
FROM core.counted
WHERE unclassified IS NOT NULL
GROUP BY ALL;
