-- Invoices from before there were books: their items, what credit notes paid of them, postings.
INSERT INTO billing_openitem (operator_id, customer_id, invoice_id, "on", amount_minor, left_minor)
SELECT operator_id, customer_id, id, billed_on, total_minor, total_minor
  FROM billing_invoice ORDER BY operator_id, number;
INSERT INTO billing_allocation (operator_id, credit_note_id, invoice_id, amount_minor, "on", at,
                                at_issue)
SELECT credit.operator_id, credit.credit_note_id, credit.invoice_id, credit.amount_minor,
       invoice.billed_on, invoice.issued_at, true
  FROM billing_credituse AS credit
  JOIN billing_invoice AS invoice
    ON invoice.operator_id = credit.operator_id AND invoice.id = credit.invoice_id
 ORDER BY credit.id;
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
 WHERE entry.amount_minor <> 0;
