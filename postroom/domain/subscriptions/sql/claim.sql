-- The subscriptions at these locations that fell due on a day, held for this transaction: usage
-- that comes meanwhile waits, so that it is counted or known to be late.
SELECT subscription.id
  FROM subscriptions_subscription AS subscription
 WHERE subscription.operator_id = %(operator)s
   AND subscription.next_bill_on = %(day)s
   AND (SELECT mailbox.location_id FROM customers_mailbox AS mailbox
         WHERE mailbox.operator_id = subscription.operator_id
           AND mailbox.id = subscription.mailbox_id) = ANY (%(locations)s)
   AND subscription.id <> ALL (%(besides)s::bigint[])
 ORDER BY subscription.id
 LIMIT %(page)s
   FOR UPDATE OF subscription SKIP LOCKED
