-- Notes of a page of subscriptions that the operator moves them to a version of another plan. Those
-- that have a switch waiting are left alone, and so are those whose terms it has no rate for. They
-- are held first: who enters a switch of their own meanwhile goes first or waits.
WITH moving AS MATERIALIZED (
    SELECT subscription.id, subscription.months
      FROM subscriptions_subscription AS subscription
     WHERE subscription.operator_id = %(operator)s
       AND subscription.id = ANY (%(subscriptions)s::bigint[])
       AND subscription.plan_id <> %(plan)s
       AND subscription.months IN (SELECT rate.months
                                     FROM plans_rate AS rate
                                    WHERE rate.operator_id = %(operator)s
                                      AND rate.version_id = %(version)s)
     ORDER BY subscription.id
       FOR NO KEY UPDATE
)
INSERT INTO subscriptions_switch (operator_id, subscription_id, plan_id, months, timing, "on",
                                  state, moves_to_id, not_before, by_id, at)
SELECT %(operator)s, moving.id, %(plan)s, moving.months, 'next_term', %(on)s, 'pending',
       %(version)s, %(not_before)s, %(by)s, %(at)s
  FROM moving
    ON CONFLICT (operator_id, subscription_id) WHERE state = 'pending' DO NOTHING
RETURNING subscription_id
