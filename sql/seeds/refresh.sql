-- By hand: SET VARIABLE seeds = 'sql/seeds'; then .read sql/seeds/refresh.sql
DELETE FROM core.force;
INSERT INTO core.force BY NAME
SELECT * FROM read_csv(getvariable('seeds') || '/forces.csv', header = true, all_varchar = true);

DELETE FROM core.category;
INSERT INTO core.category BY NAME
SELECT * FROM read_csv(getvariable('seeds') || '/categories.csv', header = true);

DELETE FROM core.training;
INSERT INTO core.training
SELECT force_code, programme, "start", "end"
FROM read_csv(getvariable('seeds') || '/training.csv', header = true);
