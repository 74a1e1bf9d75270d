-- The lines of the documents of a page, summed by what they are taxed with, beside the lines of
-- tax. Credits carry the tax of what they give back; others that of their location at issue.
SELECT invoice.id, invoice.number, invoice.subscription_id, invoice.included_tax_minor,
       line.kind, line.tax_percent, line.tax_included, line.amount_minor, line.count
  FROM (SELECT it.*
          FROM billing_invoice AS it
         WHERE it.operator_id = %(operator)s AND it.id > %(after)s
         ORDER BY it.id
         LIMIT %(size)s) AS invoice
  LEFT JOIN LATERAL (
       SELECT groups.*
         FROM (SELECT CASE WHEN it.kind IN ('tax', 'credit') THEN it.kind
                           WHEN it.kind IN ('deposit', 'deposit_return') THEN 'deposit'
                           WHEN it.kind IN ('charge', 'adjustment') THEN 'by_hand'
                           ELSE 'taxable' END AS kind,
                      it.tax_percent, it.tax_included, sum(it.amount_minor)::bigint
                      AS amount_minor, count(*) AS count
                 FROM billing_invoiceline AS it
                WHERE it.operator_id = %(operator)s AND it.invoice_id = invoice.id
                GROUP BY 1, it.tax_percent, it.tax_included) AS groups) AS line
    ON true
 ORDER BY invoice.id
