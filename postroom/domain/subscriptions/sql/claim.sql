-- The subscriptions at these locations that fell due on the earliest day that any did, held for
-- this transaction: usage that comes meanwhile waits, so that it is counted or known to be late.
-- One due date a page, so that what an earlier one leaves behind is there for the next.
SELECT subscription.id
  FROM subscriptions_subscription AS subscription
 WHERE subscription.operator_id = %(operator)s
   AND subscription.next_bill_on = (
       SELECT earliest.next_bill_on
         FROM subscriptions_subscription AS earliest
        WHERE earliest.operator_id = %(operator)s
          AND earliest.next_bill_on <= %(on)s
          AND (SELECT mailbox.location_id FROM customers_mailbox AS mailbox
                 WHERE mailbox.operator_id = earliest.operator_id
                   AND mailbox.id = earliest.mailbox_id) = ANY (%(locations)s)
          AND earliest.id <> ALL (%(besides)s::bigint[])
        ORDER BY earliest.next_bill_on, earliest.id
        LIMIT 1)
   AND (SELECT mailbox.location_id FROM customers_mailbox AS mailbox
         WHERE mailbox.operator_id = subscription.operator_id
           AND mailbox.id = subscription.mailbox_id) = ANY (%(locations)s)
   AND subscription.id <> ALL (%(besides)s::bigint[])
 ORDER BY subscription.id
 LIMIT %(page)s
   FOR UPDATE OF subscription SKIP LOCKED
