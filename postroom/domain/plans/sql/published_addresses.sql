-- What has a page on the lead-gen website: each location, and each plan at each of its locations.
WITH plan AS MATERIALIZED (
    SELECT operator_id, id, link FROM published.plans WHERE channel = 'lead_gen'),
listing AS MATERIALIZED (
    SELECT operator_id, plan_id, id, slug FROM published.listings),
page AS (
    SELECT DISTINCT operator_id, id, slug, '' AS link FROM listing
     UNION ALL
    SELECT listing.operator_id, listing.id, listing.slug, plan.link
      FROM listing
      JOIN plan ON plan.operator_id = listing.operator_id AND plan.id = listing.plan_id)
SELECT operator.slug AS operator, page.slug AS location, page.link, count(*) OVER () AS found
  FROM page
  JOIN published.operators AS operator ON operator.id = page.operator_id
 ORDER BY page.operator_id, page.id, page.link
 LIMIT %(limit)s OFFSET %(offset)s
