SELECT labeller, count(*) FROM label.judgement GROUP BY labeller ORDER BY labeller;
