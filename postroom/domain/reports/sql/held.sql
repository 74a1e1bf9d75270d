-- Who held what on each of some days: a subscription from its start to its last day used, under the
-- term of that day, or the last one where the next is not opened yet. For a list each subscription is a row, else each length of term.
SELECT day.n, CASE WHEN %(listed)s THEN subscription.id END AS subscription_id,
       CASE WHEN %(listed)s THEN term.version_id END AS version_id,
       CASE WHEN %(listed)s THEN term.id END AS term_id, term.months,
       count(*) AS subscriptions, sum(coalesce(rate.amount_minor, 0))::bigint AS amount_minor
  FROM unnest(%(days)s::date[]) WITH ORDINALITY AS day (held_on, n)
  JOIN subscriptions_subscription AS subscription
    ON subscription.operator_id = %(operator)s AND subscription.starts_on <= day.held_on
   AND (subscription.closes_on IS NULL OR subscription.closes_on >= day.held_on)
  JOIN subscriptions_term AS term
    ON term.operator_id = %(operator)s AND term.subscription_id = subscription.id
   AND term.starts_on <= day.held_on
   AND (term.ends_on > day.held_on OR term.ends_on = subscription.next_term_on)
  JOIN plans_planversion AS version
    ON version.operator_id = %(operator)s AND version.id = term.version_id
  LEFT JOIN plans_rate AS rate
    ON rate.operator_id = %(operator)s AND rate.version_id = term.version_id
   AND rate.months = term.months
 WHERE (%(plan)s::bigint IS NULL OR version.plan_id = %(plan)s)
   AND (%(location)s::bigint IS NULL
        OR EXISTS (SELECT FROM customers_mailbox AS mailbox
                    WHERE mailbox.operator_id = %(operator)s
                      AND mailbox.id = subscription.mailbox_id
                      AND mailbox.location_id = %(location)s))
 GROUP BY 1, 2, 3, 4, 5
 ORDER BY 1, 2, 5
OFFSET %(skip)s LIMIT %(most)s
