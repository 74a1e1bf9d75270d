-- The states in which the lead-gen website has a location.
SELECT DISTINCT location.state
  FROM published.locations AS location
 WHERE location.listed
   AND EXISTS (SELECT FROM published.plan_locations AS place
                WHERE place.operator_id = location.operator_id
                  AND place.location_id = location.id AND place.channel = 'lead_gen')
 ORDER BY location.state
