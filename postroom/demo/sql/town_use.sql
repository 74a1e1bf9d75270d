-- Counts what a page of customers used: so many entries of each service, on days of the last month
-- up to yesterday, some of it over the allowance.
INSERT INTO usage_usageentry (operator_id, key, body, subscription_id, service, quantity, "on",
                              reason, recorded_at)
SELECT %(operator)s, it.key, md5(it.key)::uuid, subscription.id, used.service,
       1 + ((subscription.id * 31 + used.place * 7 + entry.number * 13) %% used.most)::integer,
       days.first
       + ((subscription.id * 11 + used.place * 5 + entry.number * 17) %% days.count)::integer,
       '', %(at)s
  FROM unnest(%(subscriptions)s::bigint[]) AS wanted (id)
  JOIN subscriptions_subscription AS subscription
    ON subscription.operator_id = %(operator)s AND subscription.id = wanted.id
 CROSS JOIN LATERAL (
       SELECT greatest(subscription.starts_on, %(on)s::date - 30) AS first,
              greatest(1, %(on)s::date - greatest(subscription.starts_on, %(on)s::date - 30))
              AS count) AS days
 CROSS JOIN unnest(%(services)s::text[], %(most)s::integer[])
            WITH ORDINALITY AS used (service, most, place)
 CROSS JOIN generate_series(1, %(entries)s) AS entry (number)
 CROSS JOIN LATERAL (SELECT format('town-%%s-%%s-%%s', subscription.id, used.place, entry.number)
                            AS key) AS it
 ORDER BY subscription.id, used.place
