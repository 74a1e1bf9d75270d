-- What was held on one of some days and on the next, of those for whom it may differ: who joined,
-- who left, and whose term began under another version or for other months in between. For a list
-- each subscription is a row, else each movement and length of terms. With a plan only what is
-- held of it counts.
WITH stays AS MATERIALIZED (
    -- Most hold the same throughout: of them no more is asked.
    SELECT term.subscription_id, min(term.version_id) AS version_id, min(term.months) AS months,
           min(term.version_id) = max(term.version_id)
           AND min(term.months) = max(term.months) AS same
      FROM subscriptions_term AS term
     WHERE term.operator_id = %(operator)s
       AND term.starts_on <= %(last)s AND term.ends_on > %(first)s
     GROUP BY term.subscription_id
), begun AS (
    SELECT term.subscription_id, term.starts_on, term.basis,
           lag(term.version_id) OVER in_order IS NOT DISTINCT FROM term.version_id
           AND lag(term.months) OVER in_order IS NOT DISTINCT FROM term.months AS as_before
      FROM subscriptions_term AS term
     WHERE term.operator_id = %(operator)s
       AND term.starts_on <= %(last)s AND term.ends_on > %(first)s
       AND term.subscription_id IN (SELECT stays.subscription_id FROM stays WHERE NOT stays.same)
    WINDOW in_order AS (PARTITION BY term.subscription_id ORDER BY term.seq)
), touched AS MATERIALIZED (
    -- By the last day before it: what begins on a first of a month moves that month.
    SELECT it.subscription_id, width_bucket(it.day_before, %(days)s::date[]) AS n,
           bool_or(it.own_act) AS own_act
      FROM (SELECT begun.subscription_id, begun.starts_on - 1 AS day_before,
                   begun.basis = 'own_act' AS own_act
              FROM begun
             WHERE NOT begun.as_before
             UNION ALL
            SELECT subscription.id, day_before, false
              FROM subscriptions_subscription AS subscription
             CROSS JOIN LATERAL (VALUES (subscription.starts_on - 1), (subscription.closes_on))
                             AS it (day_before)
             WHERE subscription.operator_id = %(operator)s) AS it
     WHERE it.day_before >= %(first)s AND it.day_before < %(last)s
     GROUP BY it.subscription_id, n
), stood AS MATERIALIZED (
    SELECT touched.n, touched.subscription_id, touched.own_act, which.later, term.version_id,
           term.months
      FROM touched
     CROSS JOIN (VALUES (0), (1)) AS which (later)
     CROSS JOIN LATERAL (SELECT (%(days)s::date[])[touched.n + which.later] AS held_on) AS day
      JOIN subscriptions_subscription AS subscription
        ON subscription.operator_id = %(operator)s AND subscription.id = touched.subscription_id
       AND subscription.starts_on <= day.held_on
       AND (subscription.closes_on IS NULL OR subscription.closes_on >= day.held_on)
      LEFT JOIN stays ON stays.subscription_id = touched.subscription_id AND stays.same
     CROSS JOIN LATERAL (SELECT stays.version_id, stays.months
                          WHERE stays.same
                          UNION ALL
                         (SELECT it.version_id, it.months
                            FROM subscriptions_term AS it
                           WHERE stays.same IS NULL
                             AND it.operator_id = %(operator)s
                             AND it.subscription_id = subscription.id
                             AND it.starts_on <= day.held_on
                           ORDER BY it.seq DESC
                           LIMIT 1)) AS term
     WHERE %(location)s::bigint IS NULL
        OR EXISTS (SELECT FROM customers_mailbox AS mailbox
                    WHERE mailbox.operator_id = %(operator)s
                      AND mailbox.id = subscription.mailbox_id
                      AND mailbox.location_id = %(location)s)
), held AS (
    SELECT stood.*, coalesce(rate.amount_minor, 0) AS amount_minor,
           %(plan)s::bigint IS NULL OR version.plan_id = %(plan)s AS counts
      FROM stood
      JOIN plans_planversion AS version
        ON version.operator_id = %(operator)s AND version.id = stood.version_id
      LEFT JOIN plans_rate AS rate
        ON rate.operator_id = %(operator)s AND rate.version_id = stood.version_id
       AND rate.months = stood.months
), moved AS (
    SELECT held.n, held.subscription_id, held.own_act,
           count(*) FILTER (WHERE held.later = 0) > 0 AS was_there,
           count(*) FILTER (WHERE held.later = 1) > 0 AS is_there,
           max(held.version_id) FILTER (WHERE held.later = 0 AND held.counts) AS from_version_id,
           max(held.months) FILTER (WHERE held.later = 0 AND held.counts) AS from_months,
           max(held.amount_minor) FILTER (WHERE held.later = 0 AND held.counts) AS from_minor,
           max(held.version_id) FILTER (WHERE held.later = 1 AND held.counts) AS to_version_id,
           max(held.months) FILTER (WHERE held.later = 1 AND held.counts) AS to_months,
           max(held.amount_minor) FILTER (WHERE held.later = 1 AND held.counts) AS to_minor
      FROM held
     GROUP BY held.n, held.subscription_id, held.own_act
    HAVING bool_or(held.counts)
), named AS (
    SELECT moved.*,
           CASE WHEN NOT moved.was_there THEN 'new'
                WHEN NOT moved.is_there THEN 'gone'
                ELSE CASE WHEN moved.own_act THEN '' ELSE 'change_' END
                     || CASE change.sign WHEN 1 THEN 'up' WHEN -1 THEN 'down' END END AS movement
      FROM moved
     CROSS JOIN LATERAL (
           -- Without a fraction; who comes to a plan for nothing is up all the same.
           SELECT coalesce(
               nullif(sign(coalesce(moved.to_minor, 0) * coalesce(moved.from_months, 1)
                           - coalesce(moved.from_minor, 0) * coalesce(moved.to_months, 1)), 0),
               (moved.to_months IS NOT NULL)::integer - (moved.from_months IS NOT NULL)::integer)
               AS sign) AS change
)
SELECT named.n, named.movement, named.from_months, named.to_months,
       CASE WHEN %(listed)s THEN named.subscription_id END AS subscription_id,
       CASE WHEN %(listed)s THEN named.from_version_id END AS from_version_id,
       CASE WHEN %(listed)s THEN named.to_version_id END AS to_version_id,
       count(*) AS subscriptions,
       count(named.to_months) - count(named.from_months) AS more_subscriptions,
       coalesce(sum(named.from_minor), 0)::bigint AS from_minor,
       coalesce(sum(named.to_minor), 0)::bigint AS to_minor
  FROM named
 WHERE named.movement = %(movement)s OR (%(movement)s IS NULL AND named.movement IS NOT NULL)
 GROUP BY 1, 2, 3, 4, 5, 6, 7
 ORDER BY 1, 2, 5
OFFSET %(skip)s LIMIT %(most)s
