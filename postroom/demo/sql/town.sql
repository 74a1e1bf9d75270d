-- Moves in a page of customers in one statement, each with a mailbox of his own and a first term:
-- spread over what is offered, over the days since a day and over all billing days. Half of them
-- are billed from the day on which they moved in, the others have a stub first. Numbers of
-- mailboxes go on above the highest there is at a location.
WITH offered AS (
    SELECT it.*
      FROM unnest(%(plans)s::bigint[], %(versions)s::bigint[], %(locations)s::bigint[],
                  %(months)s::integer[], %(sold_from)s::date[])
           WITH ORDINALITY
           AS it (plan_id, version_id, location_id, months, sold_from, place)
), highest AS (
    SELECT offered.location_id,
           coalesce((SELECT max(mailbox.number::bigint)
                       FROM customers_mailbox AS mailbox
                      WHERE mailbox.operator_id = %(operator)s
                        AND mailbox.location_id = offered.location_id
                        AND mailbox.number ~ '^[0-9]{1,11}$'), 0) AS number
      FROM offered
     GROUP BY offered.location_id
), coming AS (
    SELECT it.place, it.starts_on, offered.plan_id, offered.version_id, offered.months,
           offered.location_id,
           CASE WHEN it.round %% 2 = 0 THEN extract(day FROM it.starts_on)::integer
                ELSE 1 + ((it.round * 17 + it.place) %% 31)::integer END AS billing_day,
           (highest.number
            + row_number() OVER (PARTITION BY offered.location_id ORDER BY it.place))::text
           AS number
      FROM (SELECT count(*) AS count FROM offered) AS choice
     CROSS JOIN generate_series(1, %(customers)s::bigint) AS series (place)
      JOIN offered ON offered.place = 1 + series.place %% choice.count
      JOIN highest ON highest.location_id = offered.location_id
     CROSS JOIN LATERAL (
           SELECT series.place, series.place / choice.count AS round,
                  greatest(%(since)s::date
                           + ((series.place / choice.count * 11 + series.place)
                              %% (%(on)s::date - %(since)s::date))::integer,
                           offered.sold_from) AS starts_on) AS it
), people AS (
    INSERT INTO customers_customer (operator_id, kind, name, email, phone, street, city, state,
                                    postal_code, country, notes, revision, added_at)
    SELECT %(operator)s, 'person',
           format('%%s %%s', split_part(first.name, ' ', 1), split_part(last.name, ' ', 2)),
           format('%%s.%%s@town.example', lower(split_part(first.name, ' ', 1)), coming.number),
           '', '', home.city, '', '', home.country, '', 1, %(at)s
      FROM coming
     CROSS JOIN LATERAL (SELECT (%(names)s::text[])[1 + coming.place %% cardinality(
                                    %(names)s::text[])] AS name) AS first
     CROSS JOIN LATERAL (SELECT (%(names)s::text[])[1 + coming.place / 7 %% cardinality(
                                    %(names)s::text[])] AS name) AS last
     CROSS JOIN LATERAL (SELECT (%(cities)s::text[])[1 + coming.place %% cardinality(
                                    %(cities)s::text[])] AS city,
                                (%(countries)s::text[])[1 + coming.place %% cardinality(
                                    %(countries)s::text[])] AS country) AS home
     ORDER BY coming.place
    RETURNING id
), boxes AS (
    INSERT INTO customers_mailbox (operator_id, location_id, number, state)
    SELECT %(operator)s, location_id, number, 'assigned' FROM coming ORDER BY place
    RETURNING id, location_id, number
), joined AS (
    INSERT INTO subscriptions_subscription (operator_id, customer_id, mailbox_id, plan_id,
                                            version_id, months, starts_on, billing_day,
                                            next_term_on, month_starts_on, month_ends_on,
                                            next_bill_on, billed_seq, added_at)
    SELECT %(operator)s, person.id, box.id, coming.plan_id, coming.version_id, coming.months,
           coming.starts_on, coming.billing_day,
           CASE WHEN coming.starts_on = billing_date(coming.starts_on, 0, coming.billing_day)
                THEN billing_date(coming.starts_on, coming.months, coming.billing_day)
                ELSE next_billing_date(coming.starts_on, coming.billing_day) END,
           coming.starts_on, next_billing_date(coming.starts_on, coming.billing_day),
           coming.starts_on, 0, %(at)s
      FROM coming
      JOIN (SELECT id, row_number() OVER (ORDER BY id) AS place FROM people) AS person
        ON person.place = coming.place
      JOIN boxes AS box
        ON box.location_id = coming.location_id AND box.number = coming.number
     ORDER BY coming.place
    RETURNING id, version_id, months, billing_day, starts_on, next_term_on
), opened AS (
    INSERT INTO subscriptions_term (operator_id, subscription_id, seq, version_id, months,
                                    billing_day, starts_on, ends_on, whole_starts_on,
                                    whole_ends_on, basis, opened_at)
    SELECT %(operator)s, id, 1, version_id, months, billing_day, starts_on, next_term_on,
           CASE WHEN starts_on = billing_date(starts_on, 0, billing_day) THEN starts_on
                ELSE billing_date(next_term_on, -months, billing_day) END,
           next_term_on, 'joined', %(at)s
      FROM joined
     ORDER BY id
)
SELECT array_agg(id ORDER BY id) AS subscriptions FROM joined
