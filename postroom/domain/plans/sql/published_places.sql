-- The locations of an operator at which anything, or the given plan, is offered on a channel.
SELECT location.id, location.slug, location.name, location.street, location.city,
       location.state, location.postal_code, location.country
  FROM published.locations AS location
 WHERE location.operator_id = %(operator)s
   AND (%(slug)s::varchar IS NULL OR location.slug = %(slug)s::varchar)
   AND EXISTS (SELECT FROM published.plan_locations AS place
                WHERE place.operator_id = location.operator_id
                  AND place.location_id = location.id AND place.channel = %(channel)s
                  AND (%(plan)s::bigint IS NULL OR place.plan_id = %(plan)s))
 ORDER BY lower(location.name), location.id
