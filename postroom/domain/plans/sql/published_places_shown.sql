-- What a location's public page shows of it, and where it lies.
CREATE OR REPLACE VIEW published.locations WITH (security_barrier) AS
SELECT location.operator_id, location.id, location.slug, location.name, location.street,
       location.city, location.state, location.postal_code, location.country,
       location.time_zone, location.listed, location.latitude, location.longitude,
       location.hours, location.description, location.phone, location.features
  FROM operators_location AS location
 WHERE EXISTS (SELECT FROM published.plan_locations AS place
                WHERE place.operator_id = location.operator_id
                  AND place.location_id = location.id);

-- The lead-gen website's locations with each plan that is offered there, found in one pass: joined
-- from the other views, the planner takes them for a few and goes through all of them for each.
CREATE VIEW published.listings WITH (security_barrier) AS
SELECT plan.operator_id, plan.id AS plan_id, plan.version_id, location.id, location.slug,
       location.name, location.street, location.city, location.state, location.postal_code,
       location.country, location.latitude, location.longitude, location.features
  FROM published.plans AS plan
  JOIN operators_location AS location
    ON location.operator_id = plan.operator_id AND location.listed
 WHERE plan.channel = 'lead_gen'
   AND (EXISTS (SELECT FROM plans_planlocation AS ticked
                 WHERE ticked.operator_id = plan.operator_id AND ticked.plan_id = plan.id
                   AND ticked.location_id = location.id)
        OR NOT EXISTS (SELECT FROM plans_planlocation AS ticked
                        WHERE ticked.operator_id = plan.operator_id
                          AND ticked.plan_id = plan.id));

-- Photos are shown on the lead-gen website alone.
CREATE VIEW published.photos WITH (security_barrier) AS
SELECT photo.operator_id, photo.location_id, photo.id, photo.content, photo.kind, photo.width,
       photo.height, photo.digest, photo.alt, photo.position
  FROM operators_photo AS photo
 WHERE EXISTS (SELECT FROM published.plan_locations AS place
                WHERE place.operator_id = photo.operator_id
                  AND place.location_id = photo.location_id AND place.channel = 'lead_gen');

ALTER VIEW published.listings OWNER TO postroom_definer;
ALTER VIEW published.photos OWNER TO postroom_definer;
GRANT SELECT ON published.listings, published.photos TO postroom_public, postroom_app;
