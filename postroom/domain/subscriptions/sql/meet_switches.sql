-- Meets the switches of a page that take effect with the term now due: they get the version on sale
-- that day, and pins and price locks end. A plan made legacy since the switch was entered is
-- followed to the one that took its name. Where nothing is sold for so many months, the switch
-- lapses and the term renews as ever.
--
-- The operator's move is met at a renewal from its day on that the rule on moves allows: it brings
-- just its version, and nothing that protects the customer ends. Else it goes on waiting.
WITH due AS MATERIALIZED (
    SELECT switch.id, switch.subscription_id, switch.plan_id, switch.months, switch.at,
           switch.moves_to_id, switch.not_before, subscription.version_id AS held_id,
           subscription.next_term_on AS day
      FROM subscriptions_subscription AS subscription
      JOIN subscriptions_switch AS switch
        ON switch.operator_id = subscription.operator_id
       AND switch.subscription_id = subscription.id AND switch.state = 'pending'
     CROSS JOIN LATERAL (SELECT term.whole_ends_on
                           FROM subscriptions_term AS term
                          WHERE term.operator_id = subscription.operator_id
                            AND term.subscription_id = subscription.id
                          ORDER BY term.seq DESC
                          LIMIT 1) AS last_term
     WHERE subscription.operator_id = %(operator)s
       AND subscription.id = ANY (%(subscriptions)s::bigint[])
       AND subscription.next_term_on <= subscription.next_bill_on
       AND (subscription.closes_on IS NULL OR subscription.closes_on >= subscription.next_term_on)
       AND (switch.timing = 'now' OR last_term.whole_ends_on = subscription.next_term_on)
), met AS MATERIALIZED (
    SELECT due.id, due.subscription_id, sold.id AS version_id
      FROM (SELECT * FROM due WHERE due.moves_to_id IS NULL) AS due
     CROSS JOIN LATERAL (
           WITH RECURSIVE name AS (
               SELECT due.plan_id, 0 AS step
                UNION ALL
               SELECT successor.id, name.step + 1
                 FROM name
                 JOIN plans_plan AS plan
                   ON plan.operator_id = %(operator)s AND plan.id = name.plan_id
                 JOIN plans_plan AS successor
                   ON successor.operator_id = %(operator)s
                  AND successor.id = plan.succeeded_by_id
                WHERE successor.created_at >= due.at)
           SELECT name.plan_id FROM name ORDER BY name.step DESC LIMIT 1) AS followed
      LEFT JOIN LATERAL (
           SELECT version.id
             FROM plans_planversion AS version
            WHERE version.operator_id = %(operator)s AND version.plan_id = followed.plan_id
              AND version.sold_from <= due.day
              AND NOT EXISTS (SELECT FROM plans_withdrawal AS withdrawal
                               WHERE withdrawal.operator_id = version.operator_id
                                 AND withdrawal.version_id = version.id)
            ORDER BY version.number DESC
            LIMIT 1) AS sold
        ON EXISTS (SELECT FROM plans_rate AS rate
                    WHERE rate.operator_id = %(operator)s AND rate.version_id = sold.id
                      AND rate.months = due.months)
), unpinned AS (
    DELETE FROM subscriptions_pin AS pin
     WHERE pin.operator_id = %(operator)s
       AND pin.subscription_id = ANY (ARRAY(
           SELECT met.subscription_id FROM met WHERE met.version_id IS NOT NULL))
), unlocked AS (
    DELETE FROM subscriptions_pricelock AS lock
     WHERE lock.operator_id = %(operator)s
       AND lock.subscription_id = ANY (ARRAY(
           SELECT met.subscription_id FROM met WHERE met.version_id IS NOT NULL))
)
UPDATE subscriptions_switch AS switch
   SET version_id = met.version_id,
       state = CASE WHEN met.version_id IS NULL THEN 'lapsed' ELSE switch.state END
  FROM (SELECT met.id, met.version_id
          FROM met
         UNION ALL
        SELECT due.id, due.moves_to_id
          FROM due
         WHERE due.not_before <= due.day
           AND CASE WHEN due.moves_to_id IS NOT NULL
                    THEN move_is_met(%(operator)s, due.subscription_id, due.held_id,
                                     due.moves_to_id, due.months, due.day) END) AS met
 WHERE switch.operator_id = %(operator)s AND switch.id = met.id
