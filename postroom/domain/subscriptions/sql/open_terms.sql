-- Opens the next term of subscriptions at these locations whose term is due, under the one rule.
-- Found by due rows and skipping what another worker holds, so it may be started anywhere, twice.
WITH due AS (
    SELECT subscription.*
      FROM subscriptions_subscription AS subscription
      JOIN customers_mailbox AS mailbox
        ON mailbox.operator_id = subscription.operator_id
       AND mailbox.id = subscription.mailbox_id
     WHERE subscription.operator_id = %(operator)s
       AND subscription.next_term_on <= %(on)s
       AND (subscription.closes_on IS NULL OR subscription.closes_on >= subscription.next_term_on)
       AND mailbox.location_id = ANY (%(locations)s)
     ORDER BY subscription.next_term_on, subscription.id
     LIMIT %(page)s
       FOR UPDATE OF subscription SKIP LOCKED
), followed AS (
    -- Versions that a later one may follow by now: most pages have none, and skip the rule.
    SELECT DISTINCT held.id
      FROM plans_planversion AS held
      JOIN plans_planversion AS later
        ON later.operator_id = held.operator_id AND later.plan_id = held.plan_id
       AND later.number > held.number AND later.existing_from <= %(on)s
     WHERE held.operator_id = %(operator)s
), opened AS (
    INSERT INTO subscriptions_term (operator_id, subscription_id, seq, version_id, months,
                                    starts_on, ends_on, whole_starts_on, whole_ends_on,
                                    basis, opened_at)
    SELECT due.operator_id, due.id, last_term.seq + 1,
           CASE WHEN due.version_id IN (SELECT id FROM followed)
                THEN version_for(due.operator_id, due.id, due.version_id, due.months,
                                 due.next_term_on)
                ELSE due.version_id END,
           due.months, due.next_term_on, next_end.day, due.next_term_on, next_end.day,
           'renewed', %(at)s
      FROM due
     CROSS JOIN LATERAL (SELECT max(term.seq) AS seq
                           FROM subscriptions_term AS term
                          WHERE term.operator_id = due.operator_id
                            AND term.subscription_id = due.id) AS last_term
     CROSS JOIN LATERAL (SELECT billing_date(due.next_term_on, due.months, due.billing_day)
                                AS day) AS next_end
    RETURNING subscription_id, version_id, ends_on
)
UPDATE subscriptions_subscription AS subscription
   SET version_id = opened.version_id, next_term_on = opened.ends_on
  FROM opened
 WHERE subscription.operator_id = %(operator)s AND subscription.id = opened.subscription_id
