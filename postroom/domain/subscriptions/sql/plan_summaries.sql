-- Every plan of the operator with what it sells that day, who is on it and what they are worth a month.
-- The customers of each version are counted once, from one index, and meet its rates after that.
WITH joined AS (
    SELECT plan_id, version_id, months, count(*) AS customers
      FROM subscriptions_subscription
     WHERE operator_id = %(operator)s AND closes_on IS NULL
     GROUP BY plan_id, version_id, months
), valued AS (
    SELECT joined.plan_id, sum(joined.customers) AS customers,
           sum(joined.customers * rate.amount_minor::numeric / joined.months) AS monthly_minor
      FROM joined
      JOIN plans_rate AS rate
        ON rate.operator_id = %(operator)s AND rate.version_id = joined.version_id
       AND rate.months = joined.months
     GROUP BY joined.plan_id
), standing AS (
    SELECT version.plan_id, version.id, version.number, version.sold_from, version.published_at
      FROM plans_planversion AS version
     WHERE version.operator_id = %(operator)s
       AND NOT EXISTS (SELECT FROM plans_withdrawal AS withdrawal
                        WHERE withdrawal.operator_id = version.operator_id
                          AND withdrawal.version_id = version.id)
), selling AS (
    -- What is sold today, or what will be first where nothing is yet.
    SELECT DISTINCT ON (plan_id) plan_id, id, number
      FROM standing
     ORDER BY plan_id, sold_from <= %(on)s DESC,
              CASE WHEN sold_from <= %(on)s THEN -number ELSE number END
), ahead AS (
    SELECT DISTINCT ON (plan_id) plan_id, number, sold_from
      FROM standing
     WHERE sold_from > %(on)s
     ORDER BY plan_id, number DESC
), published AS (
    SELECT plan_id, max(published_at) AS at FROM standing GROUP BY plan_id
)
SELECT plan.id, plan.name, plan.internal, plan.signup, plan.lead_gen,
       selling.number AS version, ahead.number AS next_version, ahead.sold_from AS next_sold_from,
       greatest(published.at, words.at) AS changed_at,
       coalesce(valued.customers, 0)::bigint AS customers,
       coalesce(round(valued.monthly_minor), 0)::bigint AS monthly_minor,
       coalesce(rates.by_months, '{}'::json) AS rates,
       successor.name AS successor, plan.succeeded_on
  FROM plans_plan AS plan
  JOIN selling ON selling.plan_id = plan.id
  JOIN published ON published.plan_id = plan.id
  LEFT JOIN ahead ON ahead.plan_id = plan.id AND ahead.number > selling.number
  LEFT JOIN valued ON valued.plan_id = plan.id
  LEFT JOIN plans_plan AS successor
    ON successor.operator_id = plan.operator_id AND successor.id = plan.succeeded_by_id
  LEFT JOIN LATERAL (SELECT json_object_agg(rate.months, rate.amount_minor) AS by_months
                       FROM plans_rate AS rate
                      WHERE rate.operator_id = plan.operator_id
                        AND rate.version_id = selling.id) AS rates ON true
  LEFT JOIN LATERAL (SELECT max(event.at) AS at
                       FROM events_event AS event
                      WHERE event.operator_id = plan.operator_id
                        AND event.subject_kind = 'plan' AND event.subject_id = plan.id) AS words
    ON true
 WHERE plan.operator_id = %(operator)s
 ORDER BY lower(plan.name), plan.id
