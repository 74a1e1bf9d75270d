-- The lines of the invoices just numbered, in the order in which they are read.
INSERT INTO billing_invoiceline (operator_id, invoice_id, kind, term_id, service, starts_on,
                                 ends_on, revision, amount_minor, version_id, plan_name,
                                 rate_minor, days, whole_days, used_before, used, "limit", over,
                                 extra_count, extra_fee_minor, billed_before_minor, charge_id,
                                 tax_percent, tax_included, text)
SELECT invoice.operator_id, invoice.id, line.kind, line.term_id, line.service, line.starts_on,
       line.ends_on, line.revision, line.amount_minor, line.version_id, line.plan_name,
       line.rate_minor, line.days, line.whole_days, line.used_before, line.used, line.limit,
       line.over, line.extra_count, line.extra_fee_minor, line.billed_before_minor,
       line.charge_id, line.tax_percent, line.tax_included, line.text
  FROM billing_invoice AS invoice
  JOIN draft_line AS line ON line.subscription_id = invoice.subscription_id
 WHERE invoice.operator_id = %(operator)s
   AND invoice.number BETWEEN %(first_number)s AND %(last_number)s
 ORDER BY invoice.number,
          array_position(ARRAY['rate', 'credit', 'extra', 'storage', 'setup', 'deposit',
                               'deposit_return', 'charge', 'tax'], line.kind),
          line.starts_on, line.service
