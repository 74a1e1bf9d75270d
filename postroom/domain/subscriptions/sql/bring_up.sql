-- Cuts the running term of those whom a version reaches on its date inside a term that was opened
-- whole, on the day on which the rule gives it to them: from then on they are due. Looks at a page
-- of those who hold a version that such a one follows, and says how far it came.
WITH looked_at AS MATERIALIZED (
    SELECT subscription.operator_id, subscription.id, subscription.version_id,
           subscription.months, subscription.next_term_on, subscription.closes_on
      FROM subscriptions_subscription AS subscription
     WHERE subscription.operator_id = %(operator)s
       AND subscription.id > %(after)s
       AND (%(only)s::bigint IS NULL OR subscription.id = %(only)s::bigint)
       AND subscription.version_id = ANY (%(behind)s::bigint[])
       AND subscription.months = 1
       AND subscription.next_bill_on IS NOT NULL
       -- After the last bill nothing takes over any more.
       AND (subscription.closes_on IS NULL
            OR subscription.month_starts_on <= subscription.closes_on)
       AND (SELECT mailbox.location_id FROM customers_mailbox AS mailbox
             WHERE mailbox.operator_id = subscription.operator_id
               AND mailbox.id = subscription.mailbox_id) = ANY (%(locations)s)
     ORDER BY subscription.id
     LIMIT %(page)s
       FOR UPDATE OF subscription SKIP LOCKED
), reached AS MATERIALIZED (
    SELECT looked_at.id, term.id AS term_id, split.day
      FROM looked_at
     CROSS JOIN LATERAL (SELECT it.id, it.starts_on, it.ends_on, it.basis
                           FROM subscriptions_term AS it
                          WHERE it.operator_id = looked_at.operator_id
                            AND it.subscription_id = looked_at.id
                          ORDER BY it.seq DESC
                          LIMIT 1) AS term
     CROSS JOIN LATERAL (SELECT split_day(looked_at.operator_id, looked_at.id,
                                          looked_at.version_id, looked_at.months,
                                          term.starts_on, term.ends_on) AS day) AS split
     WHERE split.day <= %(on)s AND term.basis <> 'paid_before'
       AND (looked_at.closes_on IS NULL OR looked_at.closes_on >= split.day)
), cut AS (
    UPDATE subscriptions_term AS term
       SET ends_on = reached.day
      FROM reached
     WHERE term.operator_id = %(operator)s
       AND term.id = ANY (ARRAY(SELECT reached.term_id FROM reached))
       AND term.id = reached.term_id
), due AS (
    UPDATE subscriptions_subscription AS subscription
       SET next_term_on = reached.day,
           next_bill_on = least(subscription.next_bill_on, reached.day)
      FROM reached
     WHERE subscription.operator_id = %(operator)s
       AND subscription.id = ANY (ARRAY(SELECT reached.id FROM reached))
       AND subscription.id = reached.id
    RETURNING subscription.id
)
SELECT max(looked_at.id) AS last, (SELECT count(*) FROM due) AS reached
  FROM looked_at
