-- Opens the next term of those of a page whose term is due, at their own due date: under the
-- customer's own switch or the operator's move where one is met, else under the one rule.
WITH due AS MATERIALIZED (
    -- From the list of the page, one by one: so the planner knows how many there are.
    SELECT subscription.operator_id, subscription.id, subscription.plan_id,
           subscription.version_id, subscription.months, subscription.billing_day,
           subscription.closes_on, subscription.next_term_on AS day,
           subscription.next_term_on = last_term.whole_ends_on AS renews,
           last_term.seq, last_term.whole_starts_on, last_term.whole_ends_on
      FROM unnest(%(subscriptions)s::bigint[]) AS page (id)
     CROSS JOIN LATERAL (SELECT it.*
                           FROM subscriptions_subscription AS it
                          WHERE it.operator_id = %(operator)s AND it.id = page.id
                          LIMIT 1) AS subscription
     CROSS JOIN LATERAL (SELECT term.seq, term.whole_starts_on, term.whole_ends_on
                           FROM subscriptions_term AS term
                          WHERE term.operator_id = subscription.operator_id
                            AND term.subscription_id = subscription.id
                          ORDER BY term.seq DESC
                          LIMIT 1) AS last_term
     WHERE subscription.next_term_on <= subscription.next_bill_on
       AND (subscription.closes_on IS NULL OR subscription.closes_on >= subscription.next_term_on)
), wish AS (
    SELECT due.id, switch.id AS switch_id, switch.timing, switch.months, version.plan_id,
           version.id AS version_id,
           CASE WHEN switch.moves_to_id IS NULL THEN 'own_act' ELSE 'moved' END AS basis
      FROM due
      JOIN subscriptions_switch AS switch
        ON switch.operator_id = due.operator_id AND switch.subscription_id = due.id
       AND switch.state = 'pending' AND switch.version_id IS NOT NULL
      JOIN plans_planversion AS version
        ON version.operator_id = switch.operator_id AND version.id = switch.version_id
), later AS (
    -- Versions that others follow: most pages have none, and skip the rule.
    SELECT held.id,
           bool_or(later.existing_from <= %(on)s) AS followed,
           bool_or(later.timing = 'on_date') AS split
      FROM plans_planversion AS held
      JOIN plans_planversion AS later
        ON later.operator_id = held.operator_id AND later.plan_id = held.plan_id
       AND later.number > held.number AND later.existing_from IS NOT NULL
     WHERE held.operator_id = %(operator)s
     GROUP BY held.id
), given AS (
    SELECT due.operator_id, due.id, due.seq + 1 AS seq, due.day, due.closes_on,
           coalesce(wish.plan_id, due.plan_id) AS plan_id,
           -- Inside a whole period only a version whose timing is on the date comes.
           coalesce(wish.version_id,
                    (SELECT given.id
                       FROM plans_planversion AS given
                      WHERE due.version_id IN (SELECT later.id FROM later WHERE later.followed)
                        AND given.operator_id = due.operator_id
                        AND given.id = version_for(due.operator_id, due.id, due.version_id,
                                                   due.months, due.day)
                        AND (NOT its.continues OR given.timing = 'on_date')),
                    due.version_id) AS version_id,
           its.months, its.billing_day,
           CASE WHEN its.continues THEN due.whole_starts_on ELSE due.day END AS whole_starts_on,
           CASE WHEN its.continues THEN due.whole_ends_on
                ELSE billing_date(due.day, its.months, its.billing_day) END AS whole_ends_on,
           CASE WHEN wish.version_id IS NOT NULL THEN wish.basis
                WHEN its.continues THEN 'on_date' ELSE 'renewed' END AS basis,
           CASE WHEN wish.version_id IS NOT NULL THEN wish.switch_id END AS switch_id
      FROM due
      LEFT JOIN wish ON wish.id = due.id
     CROSS JOIN LATERAL (
           -- Another length of term, chosen now, moves the billing day to this one.
           SELECT CASE WHEN wish.version_id IS NULL THEN due.months ELSE wish.months END AS months,
                  CASE WHEN wish.version_id IS NOT NULL AND wish.timing = 'now'
                            AND wish.months <> due.months
                       THEN extract(day FROM due.day)::integer
                       ELSE due.billing_day END AS billing_day,
                  CASE WHEN wish.version_id IS NOT NULL AND wish.timing = 'now'
                       THEN wish.months = due.months
                       ELSE NOT due.renews END AS continues) AS its
), next_term AS MATERIALIZED (
    SELECT given.*,
           -- Known by now: a closing, and the day on which a version comes for him.
           least(given.whole_ends_on, given.closes_on + 1,
                 CASE WHEN given.version_id IN (SELECT later.id FROM later WHERE later.split)
                      THEN split_day(given.operator_id, given.id, given.version_id, given.months,
                                     given.day, given.whole_ends_on) END) AS ends_on
      FROM given
), opened AS (
    INSERT INTO subscriptions_term (operator_id, subscription_id, seq, version_id, months,
                                    billing_day, starts_on, ends_on, whole_starts_on,
                                    whole_ends_on, basis, switch_id, opened_at)
    SELECT next_term.operator_id, next_term.id, next_term.seq, next_term.version_id,
           next_term.months, next_term.billing_day, next_term.day, next_term.ends_on,
           next_term.whole_starts_on, next_term.whole_ends_on, next_term.basis,
           next_term.switch_id, %(at)s
      FROM next_term
), switched AS (
    UPDATE subscriptions_switch AS switch
       SET state = 'done'
      FROM wish
     WHERE switch.operator_id = %(operator)s AND switch.id = wish.switch_id
)
UPDATE subscriptions_subscription AS subscription
   SET plan_id = next_term.plan_id, version_id = next_term.version_id,
       months = next_term.months, billing_day = next_term.billing_day,
       next_term_on = next_term.ends_on
  FROM next_term
 WHERE subscription.operator_id = %(operator)s
   AND subscription.id = ANY (%(subscriptions)s::bigint[]) AND subscription.id = next_term.id
