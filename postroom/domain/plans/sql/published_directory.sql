-- The lead-gen website's locations that somebody looks for, with the entry price of each: of the
-- plans that offer all the services wanted, the lowest monthly rate; where nothing is sold by the
-- month, the lowest annual one; else the term that is cheapest by the month. Miles are along the
-- great circle, from the place that was asked for.
WITH entry AS MATERIALIZED (
    SELECT DISTINCT ON (plan.operator_id, plan.id)
           plan.operator_id, plan.id AS plan_id, rate.months, rate.amount_minor
      FROM published.plans AS plan
      JOIN published.rates AS rate
        ON rate.operator_id = plan.operator_id AND rate.version_id = plan.version_id
     WHERE plan.channel = 'lead_gen'
       AND (%(services)s::text[] = '{}'
            OR (SELECT count(*)
                  FROM published.allowances AS allowance
                 WHERE allowance.operator_id = plan.operator_id
                   AND allowance.version_id = plan.version_id
                   AND allowance.service = ANY (%(services)s::text[])
                   AND allowance.offer <> 'not_offered') = cardinality(%(services)s::text[]))
     ORDER BY plan.operator_id, plan.id, rate.months <> 1, rate.months <> 12,
              rate.amount_minor::numeric / rate.months),
near AS MATERIALIZED (
    SELECT listing.*,
           CASE WHEN listing.latitude IS NOT NULL AND %(latitude)s::float8 IS NOT NULL THEN
               2 * 3958.8 * asin(least(1, sqrt(
                   sin(radians(listing.latitude - %(latitude)s::float8) / 2) ^ 2
                   + cos(radians(listing.latitude)) * cos(radians(%(latitude)s::float8))
                     * sin(radians(listing.longitude - %(longitude)s::float8) / 2) ^ 2)))
           END AS miles
      FROM published.listings AS listing
     -- Of these, what compares without a function is asked below the view's barrier, and spares
     -- joining every location with every plan: hence spellings and a box around the circle.
     WHERE (%(states)s::varchar[] = '{}' OR listing.state = ANY (%(states)s::varchar[]))
       AND (%(south)s::float8 IS NULL OR listing.latitude IS NULL
            OR (listing.latitude BETWEEN %(south)s::float8 AND %(north)s::float8
                AND listing.longitude BETWEEN %(west)s::float8 AND %(east)s::float8))
       AND (%(country)s = '' OR listing.country = %(country)s)
       AND (%(city)s = '' OR lower(listing.city) = %(city)s)
       AND listing.features @> %(features)s::varchar[]),
found AS (
    SELECT DISTINCT ON (near.operator_id, near.id)
           near.*, entry.months, entry.amount_minor
      FROM near
      JOIN entry ON entry.operator_id = near.operator_id AND entry.plan_id = near.plan_id
     WHERE %(latitude)s::float8 IS NULL
        OR near.miles <= coalesce(%(within)s::float8, 'infinity'::float8)
        -- Nobody knows where it lies, but it is in a city of that name.
        OR (near.miles IS NULL
            AND %(named)s IN (lower(near.city), lower(near.city || ', ' || near.state)))
     ORDER BY near.operator_id, near.id, entry.months <> 1, entry.months <> 12,
              entry.amount_minor::numeric / entry.months)
SELECT operator.id AS operator_id, operator.slug AS operator_slug, operator.name AS operator_name,
       operator.currency, operator.locale, operator.time_zone,
       found.id, found.slug, found.name, found.street, found.city, found.state,
       found.postal_code, found.country, found.latitude, found.longitude,
       found.months, found.amount_minor, found.miles, count(*) OVER () AS found
  FROM found
  JOIN published.operators AS operator ON operator.id = found.operator_id
 WHERE %(price)s::numeric IS NULL
    OR found.amount_minor::numeric / found.months
       <= %(price)s::numeric * 10 ^ coalesce((%(decimals)s::jsonb ->> operator.currency)::int, 2)
 ORDER BY CASE WHEN %(sort)s = 'distance' THEN found.miles END,
          CASE WHEN %(sort)s = 'price' THEN operator.currency END,
          CASE WHEN %(sort)s = 'price' THEN found.amount_minor::numeric / found.months END,
          CASE WHEN %(sort)s = 'city' THEN lower(found.city) END,
          found.state, lower(found.city), lower(found.name), operator.id, found.id
 LIMIT %(limit)s OFFSET %(offset)s
