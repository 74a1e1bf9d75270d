-- Plain intake: a batch of entries, each once for its key.
INSERT INTO usage_usageentry (operator_id, key, body, subscription_id, service, quantity, "on",
                              reason, recorded_at)
SELECT %(operator)s, it.key, it.body, it.subscription_id, it.service, it.quantity, it.on, '',
       %(at)s
  FROM unnest(%(keys)s::text[], %(bodies)s::uuid[], %(subscriptions)s::bigint[],
              %(services)s::text[], %(quantities)s::integer[], %(days)s::date[])
       AS it (key, body, subscription_id, service, quantity, "on")
ON CONFLICT (operator_id, key) DO NOTHING
