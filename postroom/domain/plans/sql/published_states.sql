-- The states in which the lead-gen website has a location, and how many it has there.
SELECT listing.country, listing.state,
       count(DISTINCT (listing.operator_id, listing.id)) AS locations
  FROM published.listings AS listing
 GROUP BY listing.country, listing.state
 ORDER BY listing.country, listing.state
