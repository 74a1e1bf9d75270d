-- Whose first day ends a month of allowances that nobody has billed: their bill of that day holds
-- its extras. Worked out by the steps of the billing run, on its own scratch tables.
INSERT INTO draft_due (subscription_id, customer_id, due_on, closes_on, billing_day, billed_seq,
                       month_starts_on, month_ends_on, late_from, tax_percent, tax_included,
                       tax_name)
SELECT who.subscription_id, who.customer_id, who.first_day, who.closes_on, who.billing_day,
       who.billed_seq, who.month_starts_on, who.month_ends_on, who.late_from, who.tax_percent,
       who.tax_included, ''
  FROM change_row AS who
 WHERE who.first_day = who.month_ends_on AND who.first_day = who.next_bill_on
