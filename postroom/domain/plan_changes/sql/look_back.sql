-- Has the run's own steps look back at one subscription's last months of allowances: they work out
-- anew what came late, and here everything did, from so many months ago.
INSERT INTO draft_due (subscription_id, customer_id, due_on, closes_on, billing_day, billed_seq,
                       month_starts_on, month_ends_on, late_from, tax_percent, tax_included,
                       tax_name)
SELECT subscription.id, subscription.customer_id, subscription.month_starts_on,
       subscription.closes_on, subscription.billing_day, subscription.billed_seq,
       subscription.month_starts_on, subscription.month_ends_on,
       greatest(subscription.starts_on,
                billing_date(subscription.month_starts_on, -%(back)s, subscription.billing_day)),
       NULL, false, ''
  FROM subscriptions_subscription AS subscription
 WHERE subscription.operator_id = %(operator)s
   AND subscription.id = ANY (%(subscriptions)s::bigint[])
