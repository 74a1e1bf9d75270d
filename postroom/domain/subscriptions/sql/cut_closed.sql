-- Ends the last term of those of a page who have closed, on the day after the last one used. A
-- term that is not billed yet is ended so as soon as the closing is known, and billed up to it.
WITH closing AS MATERIALIZED (
    SELECT subscription.id, subscription.closes_on + 1 AS day, subscription.billed_seq,
           subscription.closes_on < subscription.next_bill_on AS over
      FROM subscriptions_subscription AS subscription
     WHERE subscription.operator_id = %(operator)s
       AND subscription.id = ANY (%(subscriptions)s::bigint[])
       AND subscription.closes_on IS NOT NULL
), ending AS MATERIALIZED (
    SELECT closing.id AS subscription_id, closing.day, term.id, term.starts_on
      FROM closing
     CROSS JOIN LATERAL (SELECT it.id, it.seq, it.starts_on, it.ends_on, it.basis
                           FROM subscriptions_term AS it
                          WHERE it.operator_id = %(operator)s
                            AND it.subscription_id = closing.id
                          ORDER BY it.seq DESC
                          LIMIT 1) AS term
     WHERE term.starts_on <= closing.day AND term.ends_on > closing.day
       AND (closing.over OR (term.seq > closing.billed_seq AND term.basis <> 'paid_before'))
), cut AS (
    UPDATE subscriptions_term AS term
       SET ends_on = ending.day
      FROM ending
     WHERE term.operator_id = %(operator)s
       AND term.id = ANY (ARRAY(SELECT ending.id FROM ending)) AND term.id = ending.id
)
UPDATE subscriptions_subscription AS subscription
   SET next_term_on = ending.day
  FROM ending
 WHERE subscription.operator_id = %(operator)s
   AND subscription.id = ANY (ARRAY(SELECT ending.subscription_id FROM ending))
   AND subscription.id = ending.subscription_id
