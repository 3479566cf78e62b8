-- What gate 3 looks at. Variables: release (a folder), names (of its files), seeds (a folder).
-- Every field is text, as a reader of the file would see it.
CREATE VIEW trend AS
FROM read_csv(getvariable('release') || '/trends.csv', header = true, all_varchar = true);
CREATE VIEW habit AS
FROM read_csv(getvariable('release') || '/habits.csv', header = true, all_varchar = true);
CREATE VIEW challenge AS
FROM read_csv(getvariable('release') || '/challenge.csv', header = true, all_varchar = true);
CREATE VIEW impact AS
FROM read_csv(getvariable('release') || '/impact.csv', header = true, all_varchar = true);
CREATE VIEW effect AS
FROM read_csv(getvariable('release') || '/effects.csv', header = true, all_varchar = true);
CREATE VIEW manifest AS
FROM read_json(
    getvariable('release') || '/manifest.json',
    columns = {
        release: 'VARCHAR',
        months_added: 'VARCHAR[]',
        cells: 'STRUCT(trends STRUCT(published BIGINT, suppressed BIGINT),
                       habits STRUCT(published BIGINT, suppressed BIGINT),
                       impact STRUCT(published BIGINT, suppressed BIGINT))'
    }
);
CREATE VIEW file AS SELECT unnest(getvariable('names')) AS name;

CREATE VIEW force AS
FROM read_csv(getvariable('seeds') || '/forces.csv', header = true, all_varchar = true)
UNION ALL BY NAME
SELECT region_code AS force_code
FROM read_csv(getvariable('seeds') || '/regions.csv', header = true, all_varchar = true)
UNION ALL BY NAME
SELECT 'EW' AS force_code; -- England and Wales: the national rows
CREATE VIEW habit_place AS -- habits are of forces and of England and Wales
FROM force ANTI JOIN read_csv(getvariable('seeds') || '/regions.csv', header = true, all_varchar = true)
    AS region ON region.region_code = force.force_code;
CREATE VIEW habit_value AS
FROM read_csv(getvariable('seeds') || '/habits.csv', header = true, all_varchar = true);
CREATE VIEW category AS
FROM read_csv(getvariable('seeds') || '/categories.csv', header = true);

-- The same rows as numbers: NULL where a figure is withheld ([c]), not to be had ([x], [z]) or is no
-- number.
CREATE VIEW trend_figure AS
SELECT period, force_code, category,
       try_cast(estimate_per_1000 AS DOUBLE) AS estimate,
       try_cast(low AS DOUBLE) AS low,
       try_cast(high AS DOUBLE) AS high,
       try_cast(messages AS BIGINT) AS messages,
       try_cast(contributors AS BIGINT) AS contributors,
       try_cast(flagged AS BIGINT) AS flagged
FROM trend;
CREATE VIEW habit_figure AS
SELECT period, force_code, habit, value,
       try_cast(estimate_per_1000 AS DOUBLE) AS estimate,
       try_cast(low AS DOUBLE) AS low,
       try_cast(high AS DOUBLE) AS high,
       try_cast(messages AS BIGINT) AS messages,
       try_cast(contributors AS BIGINT) AS contributors
FROM habit;
CREATE VIEW challenge_figure AS
SELECT period, force_code,
       try_cast(share AS DOUBLE) AS share,
       try_cast(low AS DOUBLE) AS low,
       try_cast(high AS DOUBLE) AS high,
       try_cast(risky AS BIGINT) AS risky,
       try_cast(challenged AS BIGINT) AS challenged
FROM challenge;
CREATE VIEW effect_figure AS
SELECT outcome, "window", status,
       try_cast(ratio AS DOUBLE) AS ratio,
       try_cast(low AS DOUBLE) AS low,
       try_cast(high AS DOUBLE) AS high,
       try_cast(permutation_p AS DOUBLE) AS permutation_p,
       try_cast(pre_trend_p AS DOUBLE) AS pre_trend_p,
       try_cast(least_detectable AS DOUBLE) AS least_detectable,
       try_cast(trained_forces AS BIGINT) AS trained_forces,
       try_cast(forces AS BIGINT) AS forces,
       try_cast(forces_left_out AS BIGINT) AS forces_left_out,
       try_cast(force_months AS BIGINT) AS force_months,
       try_cast(force_months_left_out AS BIGINT) AS force_months_left_out
FROM effect;
-- Before and after one below the other.
CREATE VIEW impact_figure AS
SELECT force_code, programme, category, 'before' AS side,
       try_cast(months_before AS BIGINT) AS months,
       try_cast(before_per_1000 AS DOUBLE) AS estimate,
       try_cast(before_low AS DOUBLE) AS low,
       try_cast(before_high AS DOUBLE) AS high
FROM impact
UNION ALL
SELECT force_code, programme, category, 'after',
       try_cast(months_after AS BIGINT),
       try_cast(after_per_1000 AS DOUBLE),
       try_cast(after_low AS DOUBLE),
       try_cast(after_high AS DOUBLE)
FROM impact;
