-- What staff charged by hand and no invoice has yet.
INSERT INTO draft_line (subscription_id, kind, charge_id, starts_on, ends_on, amount_minor, text,
                        tax_percent, tax_included)
SELECT charge.subscription_id, 'charge', charge.id, charge.on, charge.on + 1, charge.amount_minor,
       charge.text, CASE WHEN charge.taxable THEN due.tax_percent END,
       charge.taxable AND due.tax_included
  FROM draft_due AS due
  JOIN billing_charge AS charge
    ON charge.operator_id = %(operator)s AND charge.subscription_id = due.subscription_id
   AND charge.billed_on IS NULL AND charge.taken_back_at IS NULL AND charge.on <= due.due_on
   FOR NO KEY UPDATE OF charge
