-- Puts the mailbox numbers of those of a page who have closed aside, so that nobody gets another's
-- mail: for six months from the day after the last one used (DMM 508.1.8).
UPDATE customers_mailbox AS mailbox
   SET state = 'quarantined',
       quarantined_until = (closed.closes_on + 1 + interval '6 months')::date
  FROM (SELECT subscription.mailbox_id, subscription.closes_on
          FROM subscriptions_subscription AS subscription
         WHERE subscription.operator_id = %(operator)s
           AND subscription.id = ANY (%(subscriptions)s::bigint[])
           AND subscription.closes_on < subscription.next_bill_on) AS closed
 WHERE mailbox.operator_id = %(operator)s AND mailbox.id = closed.mailbox_id
   AND mailbox.state = 'assigned'
