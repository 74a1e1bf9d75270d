-- The last whole months of allowances of everybody whom the change reaches, rated again for the
-- services whose allowance changes: what their extras cost before, and after. Each month is judged
-- whole by the terms that are held now.
INSERT INTO change_used (subscription_id, months, extras_before, extras_after, above)
WITH service AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(%(allowances)s)
        AS it (version_id bigint, service text, offer text, "limit" integer, extra_count integer,
               extra_fee bigint, new_offer text, new_limit integer, new_extra_count integer,
               new_extra_fee bigint)
), month AS MATERIALIZED (
    SELECT who.subscription_id, who.before_id AS held_id, past.place, past.starts_on, past.ends_on
      FROM change_row AS who
     CROSS JOIN LATERAL (
           SELECT place,
                  billing_date(who.month_starts_on, -place, who.billing_day) AS starts_on,
                  billing_date(who.month_starts_on, 1 - place, who.billing_day) AS ends_on
             FROM generate_series(1, %(back)s) AS place) AS past
     WHERE past.starts_on >= who.starts_on AND who.rate_after IS NOT NULL
), used AS (
    SELECT month.subscription_id, month.held_id, month.place, entry.service,
           sum(entry.quantity) AS used
      FROM month
      JOIN usage_usageentry AS entry
        ON entry.operator_id = %(operator)s AND entry.subscription_id = month.subscription_id
       AND entry.service = ANY (%(services)s)
       AND entry.on >= month.starts_on AND entry.on < month.ends_on
     GROUP BY month.subscription_id, month.held_id, month.place, entry.service
     UNION ALL
    SELECT month.subscription_id, month.held_id, month.place, 'recipients',
           highest_held(%(operator)s, month.subscription_id, month.starts_on, month.ends_on)
      FROM month
     WHERE %(recipients)s
), rated AS (
    SELECT used.subscription_id, used.service,
           sum(extra_of(used.used, service.offer, service.limit, service.extra_count,
                        service.extra_fee)) AS extras_before,
           sum(extra_of(used.used, service.new_offer, service.new_limit,
                        service.new_extra_count, service.new_extra_fee)) AS extras_after,
           bool_or(service.new_offer = 'not_offered' AND used.used > 0
                   OR service.new_offer = 'restricted' AND used.used > service.new_limit
                      AND (service.offer = 'unlimited' OR used.used <= service.limit)) AS above
      FROM used
      JOIN service ON service.version_id = used.held_id AND service.service = used.service
     GROUP BY used.subscription_id, used.service
), counted AS (
    SELECT month.subscription_id, count(*) AS months
      FROM month
     GROUP BY month.subscription_id
)
SELECT counted.subscription_id, counted.months, coalesce(sum(rated.extras_before), 0),
       coalesce(sum(rated.extras_after), 0), count(*) FILTER (WHERE rated.above)
  FROM counted
  LEFT JOIN rated ON rated.subscription_id = counted.subscription_id
 GROUP BY counted.subscription_id, counted.months;
ANALYZE change_used;
