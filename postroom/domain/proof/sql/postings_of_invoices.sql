-- The documents of a page that are not posted as they say: what is owed, against revenue, tax and
-- deposits held.
WITH owed AS (
    SELECT invoice.id, invoice.number, invoice.subscription_id, invoice.billed_on,
           invoice.total_minor AS receivable, -held.deposits AS deposits,
           -(held.tax + invoice.included_tax_minor) AS tax,
           held.deposits + held.tax + invoice.included_tax_minor - invoice.total_minor AS revenue
      FROM billing_invoice AS invoice
     CROSS JOIN LATERAL (
           SELECT coalesce(sum(line.amount_minor)
                           FILTER (WHERE line.kind IN ('deposit', 'deposit_return')), 0)::bigint
                  AS deposits,
                  coalesce(sum(line.amount_minor) FILTER (WHERE line.kind = 'tax'), 0)::bigint
                  AS tax
             FROM billing_invoiceline AS line
            WHERE line.operator_id = %(operator)s AND line.invoice_id = invoice.id) AS held
     WHERE invoice.operator_id = %(operator)s
       AND invoice.id > %(after)s AND invoice.id <= %(up_to)s
)
SELECT owed.*, posted.receivable AS posted_receivable, posted.deposits AS posted_deposits,
       posted.tax AS posted_tax, posted.revenue AS posted_revenue, posted.other AS posted_other,
       posted.off_day
  FROM owed
 CROSS JOIN LATERAL (
       SELECT coalesce(sum(it.amount_minor) FILTER (WHERE it.account = 'receivable'), 0)::bigint
              AS receivable,
              coalesce(sum(it.amount_minor) FILTER (WHERE it.account = 'deposits'), 0)::bigint
              AS deposits,
              coalesce(sum(it.amount_minor) FILTER (WHERE it.account = 'tax'), 0)::bigint AS tax,
              coalesce(sum(it.amount_minor) FILTER (WHERE it.account = 'revenue'), 0)::bigint
              AS revenue,
              coalesce(sum(it.amount_minor) FILTER (WHERE it.account NOT IN
                       ('receivable', 'deposits', 'tax', 'revenue')), 0)::bigint AS other,
              count(*) FILTER (WHERE it.on <> owed.billed_on) AS off_day
         FROM billing_posting AS it
        WHERE it.operator_id = %(operator)s AND it.invoice_id = owed.id) AS posted
 WHERE (posted.receivable, posted.deposits, posted.tax, posted.revenue, posted.other,
        posted.off_day)
       IS DISTINCT FROM (owed.receivable, owed.deposits, owed.tax, owed.revenue, 0, 0)
 ORDER BY owed.id
