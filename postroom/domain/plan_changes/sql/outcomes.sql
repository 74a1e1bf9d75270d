-- What a change does for each open subscription of a plan: its outcome, the day on which it starts
-- and the day on which its customer is told. ``pairs`` are what is known of each held version and
-- length of term beside the new one; ``places`` what the rules on notice ask where somebody is.
-- Each OFFSET 0 keeps a step a step: put into one another, a call would be made as often as its
-- result is used, which doubles with every step.
INSERT INTO change_row (subscription_id, customer_id, held_id, before_id, months, billing_day,
                        closes_on, next_bill_on, starts_on, month_starts_on, month_ends_on, late_from,
                        billed_seq, term_starts_on, term_ends_on, whole_starts_on, whole_ends_on,
                        billed, tax_percent, tax_included, outcome, worse, first_day, notice_on,
                        closes_notice_on, place, until, rate_after, envelope_id, told_on)
WITH pair AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(%(pairs)s)
        AS it (version_id bigint, months integer, has_it boolean, worse boolean, rate_after bigint)
), place AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(%(places)s)
        AS it (place integer, location_id bigint, country text, state text, least integer,
               most integer, lawful_from date)
), closing AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(%(closes)s)
        AS it (place integer, first_day date, closes_on date)
), locked AS MATERIALIZED (
    SELECT lock.subscription_id, max(lock.until) AS until
      FROM subscriptions_pricelock AS lock
     WHERE lock.operator_id = %(operator)s
     GROUP BY lock.subscription_id
), told AS MATERIALIZED (
    -- Of a change under way: who is cleared for it.
    SELECT DISTINCT ON (clearance.subscription_id)
           clearance.subscription_id, clearance.first_day, clearance.last_day, clearance.told_on
      FROM subscriptions_clearance AS clearance
     WHERE clearance.operator_id = %(operator)s AND clearance.version_id = %(version)s
       AND NOT EXISTS (SELECT FROM subscriptions_clearancevoid AS void
                        WHERE void.operator_id = clearance.operator_id
                          AND void.clearance_id = clearance.id)
     ORDER BY clearance.subscription_id, clearance.first_day DESC
), notice AS MATERIALIZED (
    SELECT DISTINCT ON (notice.subscription_id)
           notice.subscription_id, notice.first_day, envelope.id, envelope.state
      FROM notices_notice AS notice
      JOIN notices_envelope AS envelope
        ON envelope.operator_id = notice.operator_id AND envelope.id = notice.envelope_id
     WHERE notice.operator_id = %(operator)s AND notice.announcement_id = %(announcement)s
     ORDER BY notice.subscription_id, notice.first_day DESC
), on_plan AS (
    SELECT subscription.*, term.starts_on AS term_starts_on, term.ends_on AS term_ends_on,
           term.whole_starts_on, term.whole_ends_on, term.seq, term.basis, mailbox.location_id,
           location.tax_percent, location.tax_included,
           customer.email, customer.country, customer.state
      FROM subscriptions_subscription AS subscription
      JOIN customers_mailbox AS mailbox
        ON mailbox.operator_id = subscription.operator_id AND mailbox.id = subscription.mailbox_id
      JOIN operators_location AS location
        ON location.operator_id = mailbox.operator_id AND location.id = mailbox.location_id
      JOIN customers_customer AS customer
        ON customer.operator_id = subscription.operator_id
       AND customer.id = subscription.customer_id
     CROSS JOIN LATERAL (SELECT it.*
                           FROM subscriptions_term AS it
                          WHERE it.operator_id = subscription.operator_id
                            AND it.subscription_id = subscription.id
                          ORDER BY it.seq DESC
                          LIMIT 1) AS term
     WHERE subscription.operator_id = %(operator)s
       AND (subscription.plan_id = %(plan)s OR subscription.id = ANY (%(brought)s::bigint[]))
       AND (subscription.closes_on IS NULL OR subscription.closes_on >= %(on)s)
       AND (%(only)s::bigint[] IS NULL OR subscription.id = ANY (%(only)s::bigint[]))
    OFFSET 0
), who AS (
    SELECT on_plan.*, place.place, place.least, place.most, place.lawful_from,
           pair.worse, pair.rate_after, coalesce(pair.has_it, false) AS has_it, locked.until,
           told.told_on, told.first_day AS told_from, told.last_day AS told_to,
           notice.id AS envelope_id, notice.state AS envelope_state,
           notice.first_day AS announced_for
      FROM on_plan
      JOIN place ON place.location_id = on_plan.location_id
                AND place.country = on_plan.country AND place.state = on_plan.state
     CROSS JOIN LATERAL (
           -- What they have by then without the change: it is that which it is worse than.
           SELECT CASE WHEN on_plan.version_id = ANY (%(followed)s::bigint[])
                       THEN version_at(on_plan.operator_id, on_plan.id, on_plan.version_id,
                                       on_plan.months, on_plan.billing_day, on_plan.whole_ends_on,
                                       first_day_of(%(timing)s, on_plan.months,
                                                    on_plan.billing_day, on_plan.basis,
                                                    on_plan.term_starts_on, on_plan.whole_ends_on,
                                                    %(existing_from)s))
                       ELSE on_plan.version_id END AS version_id
          OFFSET 0) AS by_then
      LEFT JOIN pair ON pair.version_id = by_then.version_id AND pair.months = on_plan.months
      LEFT JOIN locked ON locked.subscription_id = on_plan.id
      LEFT JOIN told ON told.subscription_id = on_plan.id
      LEFT JOIN notice ON notice.subscription_id = on_plan.id
    OFFSET 0
), asked AS (
    -- The day from which it may be theirs: by the change alone, then by what they were or can be
    -- told in time, then by a price lock.
    SELECT who.*, coalesce(who.worse, false) AS is_worse,
           CASE WHEN told.is_told THEN greatest(%(existing_from)s, who.told_from)
                WHEN who.worse THEN greatest(%(existing_from)s, who.lawful_from)
                ELSE %(existing_from)s END AS lawfully,
           coalesce(told.is_told, false) AS is_told,
           EXISTS (SELECT FROM subscriptions_switch AS switch
                    WHERE switch.operator_id = %(operator)s
                      AND switch.subscription_id = who.id AND switch.state = 'pending'
                      AND (switch.moves_to_id IS NULL
                           OR switch.moves_to_id IS DISTINCT FROM %(version)s)) AS moves,
           EXISTS (SELECT FROM subscriptions_pin AS pin
                    WHERE pin.operator_id = %(operator)s
                      AND pin.subscription_id = who.id) AS pinned,
           CASE WHEN %(everybody)s THEN true
                ELSE who.id = ANY (%(chosen)s::bigint[]) END AS chosen
      FROM who
     CROSS JOIN LATERAL (
           SELECT who.told_on IS NOT NULL
              AND first_day_of(%(timing)s, who.months, who.billing_day, who.basis,
                               who.term_starts_on, who.whole_ends_on,
                               greatest(%(existing_from)s, who.told_from))
                  <= coalesce(who.told_to, 'infinity') AS is_told) AS told
    OFFSET 0
), changing AS (
    SELECT asked.*,
           first_day_of(%(timing)s, asked.months, asked.billing_day, asked.basis,
                        asked.term_starts_on, asked.whole_ends_on, %(existing_from)s)
           AS change_day
      FROM asked
    OFFSET 0
), lawful AS (
    SELECT changing.*,
           CASE WHEN changing.lawfully <= changing.change_day THEN changing.change_day
                ELSE first_day_of(%(timing)s, changing.months, changing.billing_day,
                                  changing.basis, changing.term_starts_on,
                                  changing.whole_ends_on, changing.lawfully) END AS lawful_day
      FROM changing
    OFFSET 0
), dated AS (
    SELECT lawful.*,
           CASE WHEN lawful.is_worse AND lawful.until > lawful.lawful_day
                THEN first_day_of(%(timing)s, lawful.months, lawful.billing_day, lawful.basis,
                                  lawful.term_starts_on, lawful.whole_ends_on, lawful.until)
                ELSE lawful.lawful_day END AS first_day
      FROM lawful
    OFFSET 0
), noticed AS (
    SELECT dated.*, of.opens_on, of.closes_on AS closes_notice_on
      FROM dated
      LEFT JOIN closing ON closing.place = dated.place AND closing.first_day = dated.first_day
     CROSS JOIN LATERAL (
           SELECT dated.first_day - dated.most AS opens_on,
                  least(dated.first_day - dated.least, closing.closes_on) AS closes_on) AS of
    OFFSET 0
)
SELECT id, customer_id, version_id,
       CASE WHEN version_id = ANY (%(followed)s::bigint[])
            THEN version_at(%(operator)s, id, version_id, months, billing_day, whole_ends_on,
                            first_day)
            ELSE version_id END,
       months, billing_day, closes_on, next_bill_on,
       noticed.starts_on, month_starts_on, month_ends_on, late_from, billed_seq, term_starts_on, term_ends_on,
       whole_starts_on, whole_ends_on, billed_seq >= seq, tax_percent, tax_included, named.outcome,
       is_worse,
       CASE WHEN has_it AND named.outcome = 'changed' THEN first_term.since
            WHEN named.outcome IN ('changed', 'locked', 'paid_term', 'deferred', 'undeliverable')
            THEN first_day END,
       CASE WHEN NOT has_it
             AND named.outcome IN ('changed', 'locked', 'paid_term', 'deferred', 'undeliverable')
            THEN greatest(least(first_day - %(usual_days)s, closes_notice_on), opens_on, %(on)s)
       END,
       CASE WHEN is_worse THEN closes_notice_on END,
       place,
       CASE named.outcome WHEN 'locked' THEN until WHEN 'leaving' THEN closes_on END,
       rate_after, envelope_id, CASE WHEN is_told THEN told_on END
  FROM noticed
  LEFT JOIN LATERAL (
       SELECT term.starts_on AS since, term.basis
         FROM subscriptions_term AS term
        WHERE noticed.has_it AND term.operator_id = %(operator)s
          AND term.subscription_id = noticed.id AND term.version_id = %(version)s
        ORDER BY term.seq
        LIMIT 1) AS first_term
    ON true
 CROSS JOIN LATERAL (
       SELECT CASE WHEN first_term.basis IN ('joined', 'paid_before', 'own_act') THEN 'joined'
                   WHEN has_it THEN 'changed'
                   WHEN closes_on < first_day THEN 'leaving'
                   WHEN moves AND first_day >= whole_ends_on THEN 'moved'
                   WHEN NOT chosen THEN 'not_chosen'
                   WHEN pinned THEN 'pinned'
                   WHEN rate_after IS NULL THEN 'no_rate'
                   WHEN is_worse AND NOT is_told AND opens_on > closes_notice_on
                   THEN 'no_lawful_day'
                   WHEN first_day > lawful_day THEN 'locked'
                   WHEN is_worse AND NOT is_told
                    AND (email = '' OR envelope_state IN ('bounced', 'to_print'))
                   THEN 'undeliverable'
                   WHEN lawful_day > change_day
                     OR (is_worse AND NOT is_told AND announced_for < first_day)
                   THEN 'deferred'
                   WHEN months > 1 AND first_day > %(existing_from)s THEN 'paid_term'
                   ELSE 'changed' END AS outcome) AS named
;
-- What follows joins them: the planner has to know how many there are.
ANALYZE change_row;
