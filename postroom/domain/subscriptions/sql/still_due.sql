-- Which of these are due by a day.
SELECT subscription.id
  FROM subscriptions_subscription AS subscription
 WHERE subscription.operator_id = %(operator)s
   AND subscription.id = ANY (%(subscriptions)s::bigint[])
   AND subscription.next_bill_on <= %(on)s
 ORDER BY subscription.id
