-- Of which months something was entered after an instant.
SELECT month.place
  FROM unnest(%(subscriptions)s::bigint[], %(services)s::text[], %(first_days)s::date[],
              %(end_days)s::date[], %(instants)s::timestamptz[])
       WITH ORDINALITY AS month (subscription_id, service, starts_on, ends_on, since, place)
 CROSS JOIN LATERAL (SELECT
                       FROM usage_usageentry AS it
                      WHERE it.operator_id = %(operator)s
                        AND it.subscription_id = month.subscription_id
                        AND it.service = month.service
                        AND it.on < month.ends_on
                        AND (it.on >= month.starts_on OR it.service = 'recipients')
                        AND it.recorded_at > month.since
                      LIMIT 1) AS entry
