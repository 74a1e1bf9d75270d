-- Extras billed in each of some months, of each service: how many customers had any, and what was
-- over the limits. A correction counts by how much it changes what is over. Then the same over all
-- months (n is null), where a customer is one however often; and over all services.
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
), extra AS (
    SELECT invoice.n, invoice.customer_id, line.service,
           line.over - CASE WHEN line.revision = 0 THEN 0
                            ELSE coalesce((SELECT before.over
                                             FROM billing_invoiceline AS before
                                            WHERE before.operator_id = %(operator)s
                                              AND before.term_id = line.term_id
                                              AND before.kind = line.kind
                                              AND before.service = line.service
                                              AND before.starts_on = line.starts_on
                                              AND before.revision = line.revision - 1), 0)
                       END AS over
      FROM invoice
      JOIN billing_invoiceline AS line
        ON line.operator_id = %(operator)s AND line.invoice_id = invoice.id
       AND line.kind = 'extra' AND line.amount_minor <> 0
       AND (%(plan)s::bigint IS NULL
            OR line.version_id IN (SELECT version.id FROM plans_planversion AS version
                                    WHERE version.operator_id = %(operator)s
                                      AND version.plan_id = %(plan)s))
)
SELECT extra.n, extra.service, count(DISTINCT extra.customer_id) AS customers,
       coalesce(sum(extra.over), 0)::bigint AS over
  FROM extra
 GROUP BY GROUPING SETS ((extra.n, extra.service), (extra.service), ())
