-- The subscriptions of customers to a plan.
SELECT subscription.id
  FROM subscriptions_subscription AS subscription
 WHERE subscription.operator_id = %(operator)s AND subscription.plan_id = %(plan)s
   AND subscription.customer_id = ANY (%(customers)s::bigint[])
