-- How many recipients each entry sets, after its corrections.
SELECT page.id AS subscription_id, level.on, level.happened_at, level.held
  FROM unnest(%(subscriptions)s::bigint[]) AS page (id)
 CROSS JOIN LATERAL (SELECT it.on, max(it.happened_at) AS happened_at,
                            sum(it.quantity)::bigint AS held
                       FROM usage_usageentry AS it
                      WHERE it.operator_id = %(operator)s AND it.subscription_id = page.id
                        AND it.service = 'recipients'
                      GROUP BY it.on, coalesce(it.corrects_id, it.id)) AS level
