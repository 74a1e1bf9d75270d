-- The lead-gen website's locations with the entry price of each: the lowest monthly rate; where
-- nothing is sold by the month, the lowest annual one; else the term that is cheapest by the month.
WITH entry AS MATERIALIZED (
    SELECT plan.operator_id, plan.id AS plan_id, rate.months, rate.amount_minor
      FROM published.plans AS plan
      JOIN published.rates AS rate
        ON rate.operator_id = plan.operator_id AND rate.version_id = plan.version_id
     WHERE plan.channel = 'lead_gen'),
priced AS (
    SELECT DISTINCT ON (place.operator_id, place.location_id)
           place.operator_id, place.location_id, entry.months, entry.amount_minor
      FROM published.plan_locations AS place
      JOIN entry ON entry.operator_id = place.operator_id AND entry.plan_id = place.plan_id
     WHERE place.channel = 'lead_gen'
     ORDER BY place.operator_id, place.location_id, entry.months <> 1, entry.months <> 12,
              entry.amount_minor::numeric / entry.months)
SELECT operator.id AS operator_id, operator.slug AS operator_slug, operator.name AS operator_name,
       operator.currency, operator.locale, operator.time_zone,
       location.id, location.slug, location.name, location.street, location.city,
       location.state, location.postal_code, location.country,
       priced.months, priced.amount_minor, count(*) OVER () AS found
  FROM priced
  JOIN published.operators AS operator ON operator.id = priced.operator_id
  JOIN published.locations AS location
    ON location.operator_id = priced.operator_id AND location.id = priced.location_id
 WHERE (%(state)s = '' OR location.state = %(state)s)
 ORDER BY CASE WHEN %(sort)s = 'price' THEN operator.currency END,
          CASE WHEN %(sort)s = 'price' THEN priced.amount_minor::numeric / priced.months END,
          CASE WHEN %(sort)s = 'city' THEN lower(location.city) END,
          location.state, lower(location.city), lower(location.name), operator.id, location.id
 LIMIT %(limit)s OFFSET %(offset)s
