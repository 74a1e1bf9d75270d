-- Tells billing of usage on days whose month was billed: it is corrected on the next bill, of a
-- closed subscription the day after. Run after the entries, in their transaction: a run that held
-- a subscription meanwhile has moved it on by now. In the order of subscriptions, so that two
-- senders wait for each other and never both.
WITH late AS (
    SELECT subscription.id, it.on, it.known_on
      FROM (SELECT entry.subscription_id, min(entry.on) AS on, max(entry.known_on) AS known_on
              FROM unnest(%(subscriptions)s::bigint[], %(days)s::date[], %(known)s::date[])
                   AS entry (subscription_id, "on", known_on)
             GROUP BY entry.subscription_id) AS it
      JOIN subscriptions_subscription AS subscription
        ON subscription.operator_id = %(operator)s AND subscription.id = it.subscription_id
     WHERE subscription.month_starts_on > it.on
     ORDER BY subscription.id
       FOR NO KEY UPDATE OF subscription
)
UPDATE subscriptions_subscription AS subscription
   SET late_from = least(subscription.late_from, late.on),
       next_bill_on = coalesce(subscription.next_bill_on, late.known_on + 1)
  FROM late
 WHERE subscription.operator_id = %(operator)s AND subscription.id = late.id
