SELECT 'contribution' AS mart, count(*) FROM mart.contribution
UNION ALL SELECT 'force_month_category', count(*) FROM mart.force_month_category
UNION ALL SELECT 'habit_contribution', count(*) FROM mart.habit_contribution
UNION ALL SELECT 'force_month_habit', count(*) FROM mart.force_month_habit
UNION ALL SELECT 'impact_panel', count(*) FROM mart.impact_panel
UNION ALL SELECT 'unclassified_contribution', count(*) FROM mart.unclassified_contribution;
