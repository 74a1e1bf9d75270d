-- The subscription that has been due the longest, whoever holds it, and since when.
SELECT subscription.id, subscription.next_bill_on
  FROM subscriptions_subscription AS subscription
 WHERE subscription.operator_id = %(operator)s
   AND subscription.next_bill_on <= %(on)s
   AND (SELECT mailbox.location_id FROM customers_mailbox AS mailbox
         WHERE mailbox.operator_id = subscription.operator_id
           AND mailbox.id = subscription.mailbox_id) = ANY (%(locations)s)
   AND subscription.id <> ALL (%(besides)s::bigint[])
 ORDER BY subscription.next_bill_on, subscription.id
 LIMIT 1
