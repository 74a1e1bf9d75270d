-- Takes back the moves to a version that wait, of the customers of a plan: all, or those entered at
-- an instant. They are held first, in the order of the billing run.
WITH moving AS MATERIALIZED (
    SELECT subscription.id
      FROM subscriptions_subscription AS subscription
     WHERE subscription.operator_id = %(operator)s AND subscription.plan_id = %(plan)s
       AND subscription.id IN (SELECT switch.subscription_id
                                 FROM subscriptions_switch AS switch
                                WHERE switch.operator_id = %(operator)s
                                  AND switch.moves_to_id = %(version)s
                                  AND switch.state = 'pending')
     ORDER BY subscription.id
       FOR NO KEY UPDATE
)
UPDATE subscriptions_switch AS switch
   SET state = 'replaced'
  FROM moving
 WHERE switch.operator_id = %(operator)s AND switch.subscription_id = moving.id
   AND switch.moves_to_id = %(version)s AND switch.state = 'pending'
   AND (%(entered_at)s::timestamptz IS NULL OR switch.at = %(entered_at)s)
RETURNING switch.subscription_id
