-- The cities of a state in which the lead-gen website has a location, and how many it has there.
SELECT min(listing.city) AS city, count(DISTINCT (listing.operator_id, listing.id)) AS locations
  FROM published.listings AS listing
 WHERE listing.country = %(country)s AND listing.state = ANY (%(states)s::varchar[])
 GROUP BY lower(listing.city)
 ORDER BY lower(listing.city)
