-- The next customers of a plan whose next term begins so soon that they may have to be told today.
SELECT DISTINCT subscription.customer_id
  FROM subscriptions_subscription AS subscription
 WHERE subscription.operator_id = %(operator)s AND subscription.plan_id = %(plan)s
   AND subscription.customer_id > %(after)s
   AND (subscription.closes_on IS NULL OR subscription.closes_on >= %(on)s)
   AND subscription.version_id <> %(version)s
   AND (%(timing)s = 'on_date' OR subscription.next_term_on <= %(ahead)s)
 ORDER BY subscription.customer_id
 LIMIT %(page)s
