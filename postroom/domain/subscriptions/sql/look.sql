-- A page of the subscriptions at these locations that have something due, in the order of ids, for
-- a dry run: what a worker holds is being billed, and passed over.
SELECT subscription.id
  FROM subscriptions_subscription AS subscription
 WHERE subscription.operator_id = %(operator)s
   AND subscription.id > %(after)s
   AND (%(up_to)s::bigint IS NULL OR subscription.id <= %(up_to)s::bigint)
   AND subscription.next_bill_on <= %(on)s
   AND (SELECT mailbox.location_id FROM customers_mailbox AS mailbox
         WHERE mailbox.operator_id = subscription.operator_id
           AND mailbox.id = subscription.mailbox_id) = ANY (%(locations)s)
 ORDER BY subscription.id
 LIMIT %(page)s
   FOR UPDATE OF subscription SKIP LOCKED
