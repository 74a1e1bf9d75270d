-- The customers with the most extras in some months, and in how many of the months they had any.
WITH invoice AS (
    SELECT it.id, it.customer_id, width_bucket(it.billed_on, %(first_days)s::date[]) AS n
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
)
SELECT invoice.customer_id, count(DISTINCT invoice.n) AS months
  FROM invoice
  JOIN billing_invoiceline AS line
    ON line.operator_id = %(operator)s AND line.invoice_id = invoice.id
   AND line.kind = 'extra' AND line.amount_minor <> 0
   AND (%(plan)s::bigint IS NULL
        OR line.version_id IN (SELECT version.id FROM plans_planversion AS version
                                WHERE version.operator_id = %(operator)s
                                  AND version.plan_id = %(plan)s))
 GROUP BY invoice.customer_id
HAVING sum(line.amount_minor) > 0
 ORDER BY sum(line.amount_minor) DESC, invoice.customer_id
 LIMIT %(most)s
