-- The same crowd in the small schema: so many customers, three services, as many entries of each.
WITH kept_plan AS (
    INSERT INTO plan VALUES (1, 'Bronze', 9.99) RETURNING id
), kept_allowances AS (
    INSERT INTO allowance
    SELECT kept_plan.id, it.service, it.included, it.extra_fee
      FROM kept_plan
     CROSS JOIN (VALUES ('open_and_scan', 5, 1.00), ('scanned_pages', 5, 0.50),
                        ('forward', 0, 5.00)) AS it (service, included, extra_fee)
), people AS (
    INSERT INTO customer
    SELECT id, 'Customer ' || id FROM generate_series(1, %(size)s::bigint) AS it (id)
    RETURNING id
), joined AS (
    INSERT INTO subscription
    SELECT people.id, people.id, kept_plan.id, %(month)s, %(on)s
      FROM people CROSS JOIN kept_plan
    RETURNING id
)
INSERT INTO usage (key, subscription_id, service, used_on, quantity)
SELECT format('%%s-%%s-%%s', used.service, joined.id, entry.number), joined.id, used.service,
       %(month)s::date + 7 * entry.number, 15
  FROM joined
 CROSS JOIN unnest(%(services)s::text[]) AS used (service)
 CROSS JOIN generate_series(1, %(entries)s) AS entry (number)
 ORDER BY joined.id, used.service, entry.number
