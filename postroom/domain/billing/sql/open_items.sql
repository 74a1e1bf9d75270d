-- Opens an item for each of the invoices and credit notes just numbered.
INSERT INTO billing_openitem (operator_id, customer_id, invoice_id, "on", amount_minor, left_minor)
SELECT invoice.operator_id, invoice.customer_id, invoice.id, invoice.billed_on,
       invoice.total_minor, invoice.total_minor
  FROM billing_invoice AS invoice
 WHERE invoice.operator_id = %(operator)s
   AND invoice.number BETWEEN %(first_number)s AND %(last_number)s
 ORDER BY invoice.number
