-- Writes down for whom other terms came into force with the terms just opened on a page, and for
-- whom they were put off: they renewed under what they had, though later terms are for them, since
-- those are worse and nobody has told them in time.
INSERT INTO events_event (operator_id, act, subject_kind, subject_id, by_name, at, facts)
WITH followed AS MATERIALIZED (
    SELECT held.id AS held_id, later.id, later.number, later.existing_from, later.for_chosen
      FROM plans_planversion AS held
      JOIN plans_planversion AS later
        ON later.operator_id = held.operator_id AND later.plan_id = held.plan_id
       AND later.number > held.number AND later.existing_from <= %(on)s
     WHERE held.operator_id = %(operator)s
       AND NOT EXISTS (SELECT FROM plans_withdrawal AS withdrawal
                        WHERE withdrawal.operator_id = later.operator_id
                          AND withdrawal.version_id = later.id)
), opened AS MATERIALIZED (
    SELECT page.id, term.seq, term.version_id, term.months, term.starts_on, term.basis
      FROM unnest(%(subscriptions)s::bigint[]) AS page (id)
     CROSS JOIN LATERAL (SELECT it.seq, it.version_id, it.months, it.starts_on, it.basis,
                                it.opened_at
                           FROM subscriptions_term AS it
                          WHERE it.operator_id = %(operator)s AND it.subscription_id = page.id
                          ORDER BY it.seq DESC
                          LIMIT 1) AS term
     WHERE term.opened_at = %(at)s AND term.basis IN ('renewed', 'on_date', 'moved')
), told AS (
    SELECT opened.id, 'subscription.terms_changed' AS act, opened.version_id, opened.starts_on
      FROM opened
     CROSS JOIN LATERAL (SELECT before.version_id
                           FROM subscriptions_term AS before
                          WHERE before.operator_id = %(operator)s
                            AND before.subscription_id = opened.id
                            AND before.seq = opened.seq - 1
                          LIMIT 1) AS before
     WHERE before.version_id <> opened.version_id
     UNION ALL
    SELECT opened.id, 'subscription.terms_deferred', put_off.id, opened.starts_on
      FROM opened
     CROSS JOIN LATERAL (SELECT later.id
                           FROM followed AS later
                           JOIN plans_comparison AS comparison
                             ON comparison.operator_id = %(operator)s
                            AND comparison.held_id = opened.version_id
                            AND comparison.other_id = later.id
                            AND comparison.months = opened.months AND comparison.worse
                           JOIN plans_rate AS rate
                             ON rate.operator_id = %(operator)s AND rate.version_id = later.id
                            AND rate.months = opened.months
                          WHERE later.held_id = opened.version_id
                            AND later.existing_from <= opened.starts_on
                            AND (NOT later.for_chosen
                                 OR EXISTS (SELECT FROM subscriptions_chosen AS chosen
                                             WHERE chosen.operator_id = %(operator)s
                                               AND chosen.subscription_id = opened.id
                                               AND chosen.version_id = later.id))
                          ORDER BY later.number DESC
                          LIMIT 1) AS put_off
     WHERE opened.basis = 'renewed'
       AND NOT EXISTS (SELECT FROM subscriptions_pin AS pin
                        WHERE pin.operator_id = %(operator)s AND pin.subscription_id = opened.id)
       AND NOT EXISTS (SELECT FROM subscriptions_pricelock AS lock
                        WHERE lock.operator_id = %(operator)s
                          AND lock.subscription_id = opened.id
                          AND lock.until > opened.starts_on)
)
SELECT %(operator)s, told.act, 'subscription', told.id, %(by_name)s, %(at)s,
       jsonb_build_object('plan', plan.name, 'version', version.number, 'on', told.starts_on)
  FROM told
  JOIN plans_planversion AS version
    ON version.operator_id = %(operator)s AND version.id = told.version_id
  JOIN plans_plan AS plan
    ON plan.operator_id = %(operator)s AND plan.id = version.plan_id
