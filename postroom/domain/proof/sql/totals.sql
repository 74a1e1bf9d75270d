-- The documents of a page whose lines do not sum to their totals, or that took other credit at
-- issue than they say.
SELECT invoice.id, invoice.number, invoice.subscription_id, invoice.subtotal_minor,
       invoice.tax_minor, invoice.total_minor, invoice.credited_minor,
       sums.subtotal_minor AS lines_minor, sums.tax_minor AS tax_lines_minor,
       taken.amount_minor AS taken_minor
  FROM billing_invoice AS invoice
 CROSS JOIN LATERAL (
       SELECT coalesce(sum(line.amount_minor) FILTER (WHERE line.kind <> 'tax'), 0)::bigint
              AS subtotal_minor,
              coalesce(sum(line.amount_minor) FILTER (WHERE line.kind = 'tax'), 0)::bigint
              AS tax_minor
         FROM billing_invoiceline AS line
        WHERE line.operator_id = %(operator)s AND line.invoice_id = invoice.id) AS sums
 CROSS JOIN LATERAL (
       SELECT coalesce(sum(put.amount_minor), 0)::bigint AS amount_minor
         FROM billing_allocation AS put
        WHERE put.operator_id = %(operator)s AND put.invoice_id = invoice.id
          AND put.at_issue) AS taken
 WHERE invoice.operator_id = %(operator)s
   AND invoice.id > %(after)s AND invoice.id <= %(up_to)s
   AND (invoice.subtotal_minor <> sums.subtotal_minor OR invoice.tax_minor <> sums.tax_minor
        OR invoice.total_minor <> sums.subtotal_minor + sums.tax_minor
        OR invoice.credited_minor <> taken.amount_minor)
 ORDER BY invoice.id
