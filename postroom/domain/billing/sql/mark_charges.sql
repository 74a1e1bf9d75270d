-- Ties the charges by hand to the billing date that took them up.
UPDATE billing_charge AS charge
   SET billed_on = due.due_on
  FROM draft_line AS line
  JOIN draft_due AS due ON due.subscription_id = line.subscription_id
 WHERE charge.operator_id = %(operator)s AND charge.id = line.charge_id
