-- What was billed in each of some months, by plan, kind and service. Tax that rates include is
-- taken out line by line: what the lines up to one contain, rounded, less what those before it do,
-- so that it adds up to the tax of the invoice.
WITH invoice AS NOT MATERIALIZED (
    SELECT it.id, width_bucket(it.billed_on, %(first_days)s::date[]) AS n
      FROM billing_invoice AS it
     WHERE it.operator_id = %(operator)s
       AND it.billed_on >= (%(first_days)s::date[])[1] AND it.billed_on <= %(last_day)s
       AND (%(location)s::bigint IS NULL
            OR EXISTS (SELECT
                         FROM subscriptions_subscription AS subscription
                         JOIN customers_mailbox AS mailbox
                           ON mailbox.operator_id = %(operator)s
                          AND mailbox.id = subscription.mailbox_id
                          AND mailbox.location_id = %(location)s
                        WHERE subscription.operator_id = %(operator)s
                          AND subscription.id = it.subscription_id))
), billed AS (
    SELECT invoice.n, line.kind, line.service, line.version_id,
           sum(line.amount_minor) AS amount_minor
      FROM invoice
      JOIN billing_invoiceline AS line
        ON line.operator_id = %(operator)s AND line.invoice_id = invoice.id
     GROUP BY invoice.n, line.kind, line.service, line.version_id
), containing AS (
    SELECT invoice.n, line.kind, line.service, line.version_id, line.tax_percent,
           line.amount_minor,
           sum(line.amount_minor) OVER (PARTITION BY line.invoice_id, line.tax_percent
                                            ORDER BY line.id) AS up_to_it_minor
      FROM invoice
      JOIN billing_invoiceline AS line
        ON line.operator_id = %(operator)s AND line.invoice_id = invoice.id
       AND line.tax_included AND line.tax_percent IS NOT NULL
), contained AS (
    SELECT it.n, it.kind, it.service, it.version_id,
           round_half_away(it.up_to_it_minor * it.tax_percent, 100 + it.tax_percent)
           - round_half_away((it.up_to_it_minor - it.amount_minor) * it.tax_percent,
                             100 + it.tax_percent) AS amount_minor
      FROM containing AS it
)
SELECT part.n, part.kind, part.service, version.plan_id, sum(part.amount_minor)::bigint AS amount_minor
  FROM (SELECT n, kind, service, version_id, amount_minor FROM billed
         UNION ALL
        SELECT n, kind, service, version_id, -amount_minor FROM contained
         UNION ALL
        SELECT n, 'tax', '', NULL, amount_minor FROM contained) AS part
  LEFT JOIN plans_planversion AS version
    ON version.operator_id = %(operator)s AND version.id = part.version_id
 WHERE %(plan)s::bigint IS NULL OR version.plan_id = %(plan)s
 GROUP BY part.n, part.kind, part.service, version.plan_id
