-- When each subscription may be used, and by which calendar.
SELECT subscription.id, subscription.starts_on, subscription.closes_on, location.time_zone
  FROM subscriptions_subscription AS subscription
  JOIN customers_mailbox AS mailbox
    ON mailbox.operator_id = subscription.operator_id AND mailbox.id = subscription.mailbox_id
  JOIN operators_location AS location
    ON location.operator_id = mailbox.operator_id AND location.id = mailbox.location_id
 WHERE subscription.operator_id = %(operator)s
   AND subscription.id = ANY (%(subscriptions)s::bigint[])
