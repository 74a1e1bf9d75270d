-- Pins many to the version that they have; who is pinned already stays so.
INSERT INTO subscriptions_pin (operator_id, subscription_id, reason, by_id, at)
SELECT %(operator)s, subscription.id, %(reason)s, %(by)s, %(at)s
  FROM unnest(%(subscriptions)s::bigint[]) AS subscription (id)
 ORDER BY subscription.id
    ON CONFLICT (operator_id, subscription_id) DO NOTHING
RETURNING subscription_id
