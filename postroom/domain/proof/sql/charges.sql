-- The charges by hand of a page that are not billed as they were entered: once, on the billing
-- date that took them up, or on none.
SELECT charge.id, charge.text, charge.subscription_id, charge.amount_minor, charge.billed_on,
       charge.taken_back_at IS NOT NULL AS is_taken_back, line.invoice_id, line.number,
       line.amount_minor AS billed_minor, line.billed_on AS line_billed_on,
       line.subscription_id AS line_subscription_id
  FROM billing_charge AS charge
  LEFT JOIN LATERAL (
       SELECT it.invoice_id, it.amount_minor, it.tax_percent, invoice.number, invoice.billed_on,
              invoice.subscription_id
         FROM billing_invoiceline AS it
         JOIN billing_invoice AS invoice
           ON invoice.operator_id = %(operator)s AND invoice.id = it.invoice_id
        WHERE it.operator_id = %(operator)s AND it.charge_id = charge.id
        LIMIT 1) AS line
    ON true
 WHERE charge.operator_id = %(operator)s
   AND charge.id > %(after)s AND charge.id <= %(up_to)s
   AND ((charge.billed_on, CASE WHEN charge.billed_on IS NOT NULL THEN charge.amount_minor END,
         CASE WHEN charge.billed_on IS NOT NULL THEN charge.subscription_id END)
        IS DISTINCT FROM (line.billed_on, line.amount_minor, line.subscription_id)
        OR (line.tax_percent IS NOT NULL AND NOT charge.taxable))
 ORDER BY charge.id
