-- Moves in a page of customers: each with a mailbox, a subscription whose first term of one month
-- is billed and ends on the day of the run, and what he used in that month of each service.
WITH coming AS (
    SELECT place FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS it (place)
), people AS (
    INSERT INTO customers_customer (operator_id, kind, name, email, phone, street, city, state,
                                    postal_code, country, notes, revision, added_at)
    SELECT %(operator)s, 'person', 'Customer ' || place, place || '@crowd.example', '',
           place || ' Main St', 'Brooklyn', 'NY', '11231', 'US', '', 1, %(at)s
      FROM coming ORDER BY place
    RETURNING id
), boxes AS (
    INSERT INTO customers_mailbox (operator_id, location_id, number, state)
    SELECT %(operator)s, %(location)s, (1000 + place)::text, 'assigned'
      FROM coming ORDER BY place
    RETURNING id
), joined AS (
    INSERT INTO subscriptions_subscription (operator_id, customer_id, mailbox_id, plan_id,
                                            version_id, months, starts_on, billing_day,
                                            next_term_on, month_starts_on, month_ends_on,
                                            next_bill_on, billed_seq, added_at)
    SELECT %(operator)s, person.id, box.id, %(plan)s, %(version)s, 1, %(month)s, 1,
           %(on)s, %(month)s, %(on)s, %(on)s, 1, %(at)s
      FROM (SELECT id, row_number() OVER (ORDER BY id) AS place FROM people) AS person
      JOIN (SELECT id, row_number() OVER (ORDER BY id) AS place FROM boxes) AS box USING (place)
     ORDER BY place
    RETURNING id
), opened AS (
    INSERT INTO subscriptions_term (operator_id, subscription_id, seq, version_id, months,
                                    billing_day, starts_on, ends_on, whole_starts_on,
                                    whole_ends_on, basis, opened_at)
    SELECT %(operator)s, id, 1, %(version)s, 1, 1, %(month)s, %(on)s, %(month)s, %(on)s,
           'joined', %(at)s
      FROM joined ORDER BY id
)
INSERT INTO usage_usageentry (operator_id, key, body, subscription_id, service, quantity, "on",
                              reason, recorded_at)
SELECT %(operator)s, it.key, md5(it.key)::uuid, joined.id, used.service, 15,
       %(month)s::date + 7 * entry.number, '', %(at)s
  FROM joined
 CROSS JOIN unnest(%(services)s::text[]) AS used (service)
 CROSS JOIN generate_series(1, %(entries)s) AS entry (number)
 CROSS JOIN LATERAL (SELECT format('%%s-%%s-%%s', used.service, joined.id, entry.number) AS key)
       AS it
 ORDER BY joined.id, used.service, entry.number
