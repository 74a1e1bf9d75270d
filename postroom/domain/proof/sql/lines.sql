-- The lines that terms were billed on, with the document that each is on.
SELECT line.id, line.invoice_id, invoice.number, invoice.subscription_id, invoice.issued_at,
       line.kind, page.id AS term_id, line.service, line.starts_on, line.ends_on, line.revision,
       line.amount_minor, line.version_id, line.rate_minor, line.days, line.whole_days,
       line.used_before, line.used, line.limit, line.over, line.extra_count,
       line.extra_fee_minor, line.billed_before_minor, line.tax_percent, line.tax_included
  FROM unnest(%(terms)s::bigint[]) AS page (id)
 CROSS JOIN LATERAL (SELECT it.*
                       FROM billing_invoiceline AS it
                      WHERE it.operator_id = %(operator)s AND it.term_id = page.id
                     OFFSET 0) AS line
 CROSS JOIN LATERAL (SELECT it.number, it.subscription_id, it.issued_at
                       FROM billing_invoice AS it
                      WHERE it.operator_id = %(operator)s AND it.id = line.invoice_id
                      LIMIT 1) AS invoice
 ORDER BY line.id
