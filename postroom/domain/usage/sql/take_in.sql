-- Counts a batch of sound entries; what has been counted under its key before is left alone. In
-- the order of keys, so that two who send the same entries at once wait for each other and
-- never both.
INSERT INTO usage_usageentry (
       operator_id, key, body, subscription_id, service, quantity, "on", happened_at,
       reason, recorded_at, recorded_by_id)
SELECT %(operator)s, it.key, it.body, it.subscription_id, it.service, it.quantity, it.on,
       it.happened_at, '', %(at)s, %(by)s
  FROM unnest(%(keys)s::text[], %(bodies)s::uuid[], %(subscriptions)s::bigint[],
              %(services)s::text[], %(quantities)s::integer[], %(days)s::date[],
              %(instants)s::timestamptz[])
       AS it (key, body, subscription_id, service, quantity, "on", happened_at)
 ORDER BY it.key COLLATE "C"
ON CONFLICT (operator_id, key) DO NOTHING
RETURNING key
