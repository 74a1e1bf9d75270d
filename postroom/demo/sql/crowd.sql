-- Moves in so many customers, each with a mailbox and a first term that holds today, in one
-- statement with every constraint and trigger on. Numbers go on above the highest there is.
WITH crowd AS (
    SELECT place, (%(on)s::date - (place %% 28)::integer) AS starts_on
      FROM generate_series(1, %(customers)s::bigint) AS place
), highest AS (
    SELECT coalesce(max(number::bigint), 0) AS number
      FROM customers_mailbox
     WHERE operator_id = %(operator)s AND location_id = %(location)s AND number ~ '^[0-9]{1,11}$'
), people AS (
    INSERT INTO customers_customer (operator_id, kind, name, email, phone, street, city, state,
                                    postal_code, country, notes, revision, added_at)
    SELECT %(operator)s, 'person', format('Customer %%s', lpad(place::text, 6, '0')),
           format('customer%%s@crowd.example', place), '', '', '', '', '', 'US', '', 1, %(at)s
      FROM crowd
    RETURNING id
), boxes AS (
    INSERT INTO customers_mailbox (operator_id, location_id, number, state)
    SELECT %(operator)s, %(location)s, (highest.number + place)::text, 'assigned'
      FROM crowd CROSS JOIN highest
    RETURNING id
), moving AS (
    SELECT person.id AS customer_id, box.id AS mailbox_id,
           greatest(crowd.starts_on, %(sold_from)s::date) AS starts_on
      FROM crowd
      JOIN (SELECT id, row_number() OVER (ORDER BY id) AS place FROM people) AS person USING (place)
      JOIN (SELECT id, row_number() OVER (ORDER BY id) AS place FROM boxes) AS box USING (place)
), joined AS (
    INSERT INTO subscriptions_subscription (operator_id, customer_id, mailbox_id, plan_id,
                                            version_id, months, starts_on, billing_day,
                                            next_term_on, added_at)
    SELECT %(operator)s, customer_id, mailbox_id, %(plan)s, %(version)s, %(months)s, starts_on,
           extract(day FROM starts_on),
           billing_date(starts_on, %(months)s, extract(day FROM starts_on)::integer), %(at)s
      FROM moving
    RETURNING id, starts_on, next_term_on
)
INSERT INTO subscriptions_term (operator_id, subscription_id, seq, version_id, months, starts_on,
                                ends_on, whole_starts_on, whole_ends_on, basis, opened_at)
SELECT %(operator)s, id, 1, %(version)s, %(months)s, starts_on, next_term_on, starts_on,
       next_term_on, 'joined', %(at)s
  FROM joined
