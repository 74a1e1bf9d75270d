-- Writes down which credit note paid what of the invoices just numbered.
INSERT INTO billing_allocation (operator_id, credit_note_id, invoice_id, amount_minor, "on", at,
                                at_issue)
SELECT invoice.operator_id, credit.credit_note_id, invoice.id, credit.amount_minor,
       invoice.billed_on, invoice.issued_at, true
  FROM draft_credit AS credit
  JOIN billing_invoice AS invoice
    ON invoice.operator_id = %(operator)s
   AND invoice.number BETWEEN %(first_number)s AND %(last_number)s
   AND invoice.subscription_id = credit.subscription_id
