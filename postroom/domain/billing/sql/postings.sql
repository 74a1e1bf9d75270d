-- Posts the invoices and credit notes just numbered: what is owed, against revenue, tax and the
-- deposits that are held. Tax that the rates include is not revenue.
INSERT INTO billing_posting (operator_id, invoice_id, account, "on", amount_minor)
SELECT invoice.operator_id, invoice.id, entry.account, invoice.billed_on, entry.amount_minor
  FROM billing_invoice AS invoice
 CROSS JOIN LATERAL (
       SELECT coalesce(sum(line.amount_minor), 0) AS deposits_minor
         FROM billing_invoiceline AS line
        WHERE line.operator_id = invoice.operator_id AND line.invoice_id = invoice.id
          AND line.kind IN ('deposit', 'deposit_return')) AS held
 CROSS JOIN LATERAL (
       VALUES ('receivable', invoice.total_minor),
              ('revenue', held.deposits_minor + invoice.included_tax_minor
                          - invoice.subtotal_minor),
              ('tax', -(invoice.tax_minor + invoice.included_tax_minor)),
              ('deposits', -held.deposits_minor)) AS entry (account, amount_minor)
 WHERE invoice.operator_id = %(operator)s
   AND invoice.number BETWEEN %(first_number)s AND %(last_number)s
   AND entry.amount_minor <> 0
