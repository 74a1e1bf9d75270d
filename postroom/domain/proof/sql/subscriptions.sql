-- How the subscriptions of a page stand.
SELECT subscription.id, subscription.starts_on, subscription.closes_on, subscription.plan_id,
       subscription.version_id, subscription.months, subscription.billing_day,
       subscription.next_term_on, subscription.month_starts_on, subscription.month_ends_on,
       subscription.next_bill_on, subscription.billed_seq, subscription.late_from
  FROM unnest(%(subscriptions)s::bigint[]) AS page (id)
 CROSS JOIN LATERAL (SELECT it.*
                       FROM subscriptions_subscription AS it
                      WHERE it.operator_id = %(operator)s AND it.id = page.id
                      LIMIT 1) AS subscription
