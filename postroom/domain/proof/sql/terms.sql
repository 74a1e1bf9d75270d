-- The terms of the subscriptions of a page, in order.
SELECT page.id AS subscription_id, term.*
  FROM unnest(%(subscriptions)s::bigint[]) AS page (id)
 CROSS JOIN LATERAL (SELECT it.id, it.seq, it.version_id, version.plan_id, it.months,
                            it.billing_day, it.starts_on, it.ends_on, it.whole_starts_on,
                            it.whole_ends_on, it.basis, it.opened_at, switch.timing
                       FROM subscriptions_term AS it
                       JOIN plans_planversion AS version
                         ON version.operator_id = %(operator)s AND version.id = it.version_id
                       LEFT JOIN subscriptions_switch AS switch
                         ON switch.operator_id = %(operator)s AND switch.id = it.switch_id
                      WHERE it.operator_id = %(operator)s AND it.subscription_id = page.id
                     OFFSET 0) AS term
 ORDER BY page.id, term.seq
