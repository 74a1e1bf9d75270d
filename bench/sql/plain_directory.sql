-- The same locations as a search finds, from the tables themselves: no views, policies or scopes.
WITH entry AS MATERIALIZED (
    SELECT DISTINCT ON (plan.operator_id, plan.id)
           plan.operator_id, plan.id AS plan_id, rate.months, rate.amount_minor
      FROM plans_plan AS plan
      JOIN plans_planversion AS version
        ON version.operator_id = plan.operator_id AND version.plan_id = plan.id
      JOIN plans_rate AS rate
        ON rate.operator_id = version.operator_id AND rate.version_id = version.id
     WHERE plan.lead_gen
       AND (%(services)s::text[] = '{}'
            OR (SELECT count(*)
                  FROM plans_serviceallowance AS allowance
                 WHERE allowance.operator_id = version.operator_id
                   AND allowance.version_id = version.id
                   AND allowance.service = ANY (%(services)s::text[])
                   AND allowance.offer <> 'not_offered') = cardinality(%(services)s::text[]))
     ORDER BY plan.operator_id, plan.id, version.number DESC, rate.months),
near AS MATERIALIZED (
    SELECT location.*,
           2 * 3958.8 * asin(sqrt(
               sin(radians(location.latitude - %(latitude)s::float8) / 2) ^ 2
               + cos(radians(location.latitude)) * cos(radians(%(latitude)s::float8))
                 * sin(radians(location.longitude - %(longitude)s::float8) / 2) ^ 2)) AS miles
      FROM operators_location AS location
     WHERE location.listed
       AND (%(state)s = '' OR location.state = %(state)s)
       AND location.features @> %(features)s::varchar[]),
found AS (
    SELECT DISTINCT ON (near.operator_id, near.id) near.*, entry.months, entry.amount_minor
      FROM near
      JOIN entry ON entry.operator_id = near.operator_id
     WHERE (%(within)s::float8 IS NULL OR near.miles <= %(within)s::float8)
       AND (EXISTS (SELECT FROM plans_planlocation AS ticked
                     WHERE ticked.operator_id = entry.operator_id
                       AND ticked.plan_id = entry.plan_id AND ticked.location_id = near.id)
            OR NOT EXISTS (SELECT FROM plans_planlocation AS ticked
                            WHERE ticked.operator_id = entry.operator_id
                              AND ticked.plan_id = entry.plan_id))
     ORDER BY near.operator_id, near.id, entry.amount_minor)
SELECT operator.slug, found.id, found.slug, found.name, found.street, found.city, found.state,
       found.postal_code, found.months, found.amount_minor, found.miles, count(*) OVER ()
  FROM found
  JOIN operators_operator AS operator ON operator.id = found.operator_id
 WHERE %(price)s::bigint IS NULL OR found.amount_minor <= %(price)s::bigint
 ORDER BY found.miles, found.state, lower(found.city), lower(found.name), found.id
 LIMIT 30
