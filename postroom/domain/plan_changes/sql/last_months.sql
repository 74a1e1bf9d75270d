-- What the last whole month of allowances of those who are told used of each service whose
-- allowance changes, and what its extras cost before, and after.
WITH service AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(%(allowances)s)
        AS it (version_id bigint, service text, offer text, "limit" integer, extra_count integer,
               extra_fee bigint, new_offer text, new_limit integer, new_extra_count integer,
               new_extra_fee bigint)
), month AS MATERIALIZED (
    SELECT who.subscription_id, who.held_id, past.starts_on, who.month_starts_on AS ends_on
      FROM change_row AS who
     CROSS JOIN LATERAL (
           SELECT billing_date(who.month_starts_on, -1, who.billing_day) AS starts_on) AS past
     WHERE who.subscription_id = ANY (%(subscriptions)s::bigint[])
       AND past.starts_on >= who.starts_on
), used AS (
    SELECT month.subscription_id, entry.service, sum(entry.quantity) AS used
      FROM month
      JOIN usage_usageentry AS entry
        ON entry.operator_id = %(operator)s AND entry.subscription_id = month.subscription_id
       AND entry.service = ANY (%(services)s)
       AND entry.on >= month.starts_on AND entry.on < month.ends_on
     GROUP BY month.subscription_id, entry.service
     UNION ALL
    SELECT month.subscription_id, 'recipients',
           highest_held(%(operator)s, month.subscription_id, month.starts_on, month.ends_on)
      FROM month
     WHERE %(recipients)s
)
SELECT month.subscription_id, month.starts_on, month.ends_on, rated.service, rated.used,
       rated.before_minor, rated.after_minor
  FROM month
  LEFT JOIN LATERAL (
       SELECT used.service, used.used::bigint AS used,
              extra_of(used.used, service.offer, service.limit, service.extra_count,
                       service.extra_fee) AS before_minor,
              extra_of(used.used, service.new_offer, service.new_limit, service.new_extra_count,
                       service.new_extra_fee) AS after_minor
         FROM used
         JOIN service ON service.version_id = month.held_id AND service.service = used.service
        WHERE used.subscription_id = month.subscription_id AND used.used > 0) AS rated ON true
 ORDER BY month.subscription_id, rated.service
