-- When each subscription may be used, and by which calendar. From the list of them, one by one, so
-- that a few of many are read by their keys.
SELECT subscription.id, subscription.starts_on, subscription.closes_on, location.time_zone
  FROM unnest(%(subscriptions)s::bigint[]) AS asked (id)
 CROSS JOIN LATERAL (SELECT it.*
                       FROM subscriptions_subscription AS it
                      WHERE it.operator_id = %(operator)s AND it.id = asked.id
                      LIMIT 1) AS subscription
 CROSS JOIN LATERAL (SELECT it.location_id
                       FROM customers_mailbox AS it
                      WHERE it.operator_id = subscription.operator_id
                        AND it.id = subscription.mailbox_id
                      LIMIT 1) AS mailbox
  JOIN operators_location AS location
    ON location.operator_id = subscription.operator_id AND location.id = mailbox.location_id
