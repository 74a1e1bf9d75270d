-- Cuts the first term of those who joined, before it is billed, on the day on which a version comes
-- for them: when it was opened, nothing was known yet of notices and locks.
WITH split AS MATERIALIZED (
    SELECT first.id, first.subscription_id, first.day
      FROM (SELECT term.id, term.subscription_id,
                   split_day(term.operator_id, term.subscription_id, term.version_id, term.months,
                             term.starts_on, term.ends_on) AS day
              FROM subscriptions_subscription AS subscription
             CROSS JOIN LATERAL (SELECT it.*
                                   FROM subscriptions_term AS it
                                  WHERE it.operator_id = %(operator)s
                                    AND it.subscription_id = subscription.id
                                  ORDER BY it.seq DESC
                                  LIMIT 1) AS term
             WHERE subscription.operator_id = %(operator)s
               AND subscription.id = ANY (%(subscriptions)s::bigint[])
               AND subscription.billed_seq = 0
               AND term.seq = 1 AND term.basis = 'joined' AND term.months = 1
               AND EXISTS (SELECT
                             FROM plans_planversion AS held
                             JOIN plans_planversion AS later
                               ON later.operator_id = held.operator_id
                              AND later.plan_id = held.plan_id
                              AND later.number > held.number AND later.timing = 'on_date'
                              AND later.existing_from < term.ends_on
                            WHERE held.operator_id = %(operator)s AND held.id = term.version_id)
           ) AS first
     WHERE first.day IS NOT NULL
), cut AS (
    UPDATE subscriptions_term AS term
       SET ends_on = split.day
      FROM split
     WHERE term.operator_id = %(operator)s
       AND term.id = ANY (ARRAY(SELECT split.id FROM split)) AND term.id = split.id
)
UPDATE subscriptions_subscription AS subscription
   SET next_term_on = split.day
  FROM split
 WHERE subscription.operator_id = %(operator)s
   AND subscription.id = ANY (ARRAY(SELECT split.subscription_id FROM split))
   AND subscription.id = split.subscription_id
