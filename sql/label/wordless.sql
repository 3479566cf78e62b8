-- Messages without a word, in the months whose sample is complete.
SELECT coalesce(sum(messages), 0)::BIGINT FROM label.size SEMI JOIN label_complete USING (month)
WHERE stratum = 'wordless';
