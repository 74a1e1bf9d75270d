-- Writes down which credit note paid what.
INSERT INTO billing_credituse (operator_id, credit_note_id, invoice_id, amount_minor)
SELECT invoice.operator_id, credit.credit_note_id, invoice.id, credit.amount_minor
  FROM draft_credit AS credit
  JOIN billing_invoice AS invoice
    ON invoice.operator_id = %(operator)s
   AND invoice.number BETWEEN %(first_number)s AND %(last_number)s
   AND invoice.subscription_id = credit.subscription_id
