-- What subscriptions from before the billing run need: it takes them up at their next renewal, with
-- the month of allowances that runs today. What came before was billed elsewhere.
ALTER TABLE subscriptions_subscription NO FORCE ROW LEVEL SECURITY;
ALTER TABLE subscriptions_term NO FORCE ROW LEVEL SECURITY, DISABLE TRIGGER USER;
UPDATE subscriptions_term AS term
   SET billing_day = subscription.billing_day
  FROM subscriptions_subscription AS subscription
 WHERE subscription.operator_id = term.operator_id AND subscription.id = term.subscription_id;
UPDATE subscriptions_subscription AS subscription
   SET month_starts_on = month.starts_on,
       month_ends_on = next_billing_date(month.starts_on, subscription.billing_day),
       next_bill_on = CASE WHEN subscription.closes_on < current_date THEN NULL
                           ELSE next_billing_date(month.starts_on, subscription.billing_day) END,
       billed_seq = last_term.seq
  FROM (SELECT it.operator_id, it.id,
               greatest(it.starts_on,
                        CASE WHEN billing_date(running.day, 0, it.billing_day) <= running.day
                             THEN billing_date(running.day, 0, it.billing_day)
                             ELSE billing_date(running.day, -1, it.billing_day) END) AS starts_on
          FROM subscriptions_subscription AS it
         CROSS JOIN LATERAL (SELECT least(current_date, it.next_term_on - 1) AS day) AS running
       ) AS month,
       (SELECT operator_id, subscription_id, max(seq) AS seq
          FROM subscriptions_term GROUP BY operator_id, subscription_id) AS last_term
 WHERE month.operator_id = subscription.operator_id AND month.id = subscription.id
   AND last_term.operator_id = subscription.operator_id
   AND last_term.subscription_id = subscription.id;
ALTER TABLE subscriptions_subscription FORCE ROW LEVEL SECURITY;
ALTER TABLE subscriptions_term FORCE ROW LEVEL SECURITY, ENABLE TRIGGER USER;
