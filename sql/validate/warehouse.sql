-- What gate 2 looks at: the warehouse's own tables, under one name each.
CREATE VIEW message AS FROM warehouse.core.message;
CREATE VIEW submission AS FROM warehouse.core.submission;
CREATE VIEW conversation AS FROM warehouse.core.conversation;
CREATE VIEW person AS FROM warehouse.core.person;
CREATE VIEW duplicate AS FROM warehouse.core.duplicate;
CREATE VIEW ledger AS FROM warehouse.core.ledger;
CREATE VIEW force AS FROM warehouse.core.force;
CREATE VIEW category AS FROM warehouse.core.category;
CREATE VIEW contribution AS FROM warehouse.mart.contribution;
CREATE VIEW trend AS FROM warehouse.mart.force_month_category;
CREATE VIEW habit AS FROM warehouse.mart.force_month_habit;
CREATE VIEW impact AS FROM warehouse.mart.impact_panel;

CREATE VIEW unclassified AS FROM warehouse.mart.unclassified_contribution;

-- Messages as the marts count them: those of the warehouse that no other export already counts.
CREATE VIEW counted AS
FROM warehouse.core.message
ANTI JOIN warehouse.core.duplicate USING (submission_key, row_no);
CREATE VIEW classified AS FROM counted WHERE unclassified IS NULL;
