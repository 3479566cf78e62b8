SELECT stratum, count(*) FROM label_frame GROUP BY stratum;
