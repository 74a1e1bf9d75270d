-- Puts the mailbox numbers of those of a page who have closed aside, so that nobody gets another's
-- mail.
UPDATE customers_mailbox AS mailbox
   SET state = 'quarantined'
 WHERE mailbox.operator_id = %(operator)s
   AND mailbox.state = 'assigned'
   AND mailbox.id = ANY (ARRAY(
       SELECT subscription.mailbox_id
         FROM subscriptions_subscription AS subscription
        WHERE subscription.operator_id = %(operator)s
          AND subscription.id = ANY (%(subscriptions)s::bigint[])
          AND subscription.closes_on < subscription.next_bill_on))
