-- The rows of a sheet, once more, without working anything out.
INSERT INTO plan_changes_sheetrow (sheet_id, subscription_id, customer_id, version_id, months,
                                    outcome, worse, first_day, notice_on, closes_on,
                                    place, until, rate_before_minor, rate_after_minor,
                                    bill_before_minor, bill_after_minor,
                                    month_change_minor, above, envelope_id, told_on,
                                    operator_id)
SELECT %(copy)s, subscription_id, customer_id, version_id, months, outcome, worse, first_day,
       notice_on, closes_on, place, until, rate_before_minor, rate_after_minor,
       bill_before_minor, bill_after_minor, month_change_minor, above, envelope_id,
       told_on, operator_id
  FROM plan_changes_sheetrow
 WHERE sheet_id = %(sheet)s
