-- Bills what is due in one statement: the rate in advance, what was used beyond what is included,
-- one invoice with a line each, and the subscription's next period.
WITH due AS MATERIALIZED (
    SELECT subscription.id, subscription.plan_id, subscription.period_starts_on,
           subscription.period_ends_on
      FROM subscription
     WHERE subscription.period_ends_on <= %(on)s
       FOR UPDATE
), rated AS MATERIALIZED (
    SELECT due.id AS subscription_id, 'rate' AS service, 1::bigint AS quantity,
           plan.rate AS amount
      FROM due
      JOIN plan ON plan.id = due.plan_id
     UNION ALL
    SELECT due.id, it.service, it.used,
           round(greatest(it.used - allowance.included, 0) * allowance.extra_fee, 2)
      FROM due
     CROSS JOIN LATERAL (
           SELECT usage.service, sum(usage.quantity) AS used
             FROM usage
            WHERE usage.subscription_id = due.id
              AND usage.used_on >= due.period_starts_on AND usage.used_on < due.period_ends_on
            GROUP BY usage.service) AS it
      JOIN allowance ON allowance.plan_id = due.plan_id AND allowance.service = it.service
), billed AS (
    INSERT INTO invoice (subscription_id, period_starts_on, total)
    SELECT due.id, due.period_ends_on, total.amount
      FROM due
      JOIN (SELECT rated.subscription_id, sum(rated.amount) AS amount
              FROM rated GROUP BY rated.subscription_id) AS total
        ON total.subscription_id = due.id
    RETURNING id, subscription_id
), lines AS (
    INSERT INTO invoice_line (invoice_id, service, quantity, amount)
    SELECT billed.id, rated.service, rated.quantity, rated.amount
      FROM billed
      JOIN rated USING (subscription_id)
)
UPDATE subscription
   SET period_starts_on = due.period_ends_on,
       period_ends_on = due.period_ends_on + interval '1 month'
  FROM due
 WHERE subscription.id = due.id
