-- How many subscriptions at these locations have something due.
SELECT count(*) AS count
  FROM subscriptions_subscription AS subscription
 WHERE subscription.operator_id = %(operator)s
   AND subscription.next_bill_on <= %(on)s
   AND (SELECT mailbox.location_id FROM customers_mailbox AS mailbox
         WHERE mailbox.operator_id = subscription.operator_id
           AND mailbox.id = subscription.mailbox_id) = ANY (%(locations)s)
