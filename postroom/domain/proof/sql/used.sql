-- What was used of each counted service in spans of days, its corrections included.
SELECT span.place, entry.service, entry.quantity
  FROM unnest(%(subscriptions)s::bigint[], %(first_days)s::date[], %(end_days)s::date[])
       WITH ORDINALITY AS span (subscription_id, starts_on, ends_on, place)
 CROSS JOIN LATERAL (SELECT it.service, sum(it.quantity)::bigint AS quantity
                       FROM usage_usageentry AS it
                      WHERE it.operator_id = %(operator)s
                        AND it.subscription_id = span.subscription_id
                        AND it.service = ANY (%(counts)s)
                        AND it.on >= span.starts_on AND it.on < span.ends_on
                      GROUP BY it.service) AS entry
