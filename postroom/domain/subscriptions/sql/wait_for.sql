-- Waits until nobody else holds a subscription, and holds it if it is due still.
SELECT subscription.id
  FROM subscriptions_subscription AS subscription
 WHERE subscription.operator_id = %(operator)s AND subscription.id = %(subscription)s
   AND subscription.next_bill_on <= %(on)s
   FOR UPDATE
