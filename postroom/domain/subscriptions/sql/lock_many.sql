-- Locks the price of many, held so that two who protect them follow each other. Promised twice in
-- the same words, it is one.
WITH held AS MATERIALIZED (
    SELECT subscription.id
      FROM subscriptions_subscription AS subscription
     WHERE subscription.operator_id = %(operator)s
       AND subscription.id = ANY (%(subscriptions)s::bigint[])
     ORDER BY subscription.id
       FOR NO KEY UPDATE
)
INSERT INTO subscriptions_pricelock (operator_id, subscription_id, until, reason, by_id, at)
SELECT %(operator)s, held.id, %(until)s, %(reason)s, %(by)s, %(at)s
  FROM held
 WHERE NOT EXISTS (SELECT FROM subscriptions_pricelock AS same
                    WHERE same.operator_id = %(operator)s AND same.subscription_id = held.id
                      AND same.until = %(until)s AND same.reason = %(reason)s)
RETURNING subscription_id
