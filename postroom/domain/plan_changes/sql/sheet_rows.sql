-- The lines of a sheet: the bill of each first day without the change and with it, and what a
-- month costs more on the average.
INSERT INTO plan_changes_sheetrow (operator_id, sheet_id, subscription_id, customer_id, version_id,
                                   months, outcome, worse, first_day, notice_on, closes_on, place,
                                   until, rate_before_minor, rate_after_minor, bill_before_minor,
                                   bill_after_minor, month_change_minor, above, envelope_id,
                                   told_on)
WITH extra AS MATERIALIZED (
    SELECT line.subscription_id, sum(line.amount_minor)::bigint AS amount_minor
      FROM draft_line AS line
     GROUP BY line.subscription_id
), level AS MATERIALIZED (
    -- Recipients are a level: those held now are held still in the month that ends then.
    SELECT who.subscription_id,
           extra_of(highest_held(%(operator)s, who.subscription_id, who.first_day - 1,
                                 who.first_day),
                    allowance.offer, allowance.limit, allowance.extra_count,
                    allowance.extra_fee_minor) AS amount_minor
      FROM change_row AS who
     CROSS JOIN LATERAL (
           SELECT billing_date(who.first_day, -who.months, who.billing_day) AS on) AS renewal
     CROSS JOIN LATERAL (
           SELECT CASE WHEN renewal.on >= who.whole_ends_on
                        AND who.held_id = ANY (%(followed)s::bigint[])
                       THEN version_at(%(operator)s, who.subscription_id, who.held_id, who.months,
                                       who.billing_day, who.whole_ends_on, renewal.on)
                       ELSE who.held_id END AS version_id) AS then_held
      JOIN plans_serviceallowance AS allowance
        ON allowance.operator_id = %(operator)s AND allowance.version_id = then_held.version_id
       AND allowance.service = 'recipients'
     WHERE who.first_day > who.month_ends_on
       AND EXISTS (SELECT FROM usage_usageentry AS entry
                    WHERE entry.operator_id = %(operator)s
                      AND entry.subscription_id = who.subscription_id
                      AND entry.service = 'recipients')
), charge AS MATERIALIZED (
    -- What staff charged by hand and the bill of that day will hold.
    SELECT who.subscription_id, sum(charge.amount_minor)::bigint AS amount_minor,
           coalesce(sum(charge.amount_minor) FILTER (WHERE charge.taxable), 0)::bigint
           AS taxable_minor
      FROM billing_charge AS charge
      JOIN change_row AS who ON who.subscription_id = charge.subscription_id
     WHERE charge.operator_id = %(operator)s AND charge.billed_on IS NULL
       AND charge.taken_back_at IS NULL AND charge.on <= who.first_day
       AND who.first_day <= who.next_bill_on
     GROUP BY who.subscription_id
), period AS (
    -- The whole period that the first day lies in, and how much of it is left from there.
    SELECT who.*, who.before_id AS version_id, rate.amount_minor AS rate_before,
           whole.starts_on AS period_starts_on, whole.ends_on AS period_ends_on,
           least(whole.ends_on, who.closes_on + 1) - who.first_day AS days,
           whole.ends_on - whole.starts_on AS whole_days,
           who.first_day > whole.starts_on AS inside
      FROM change_row AS who
      JOIN plans_rate AS rate
        ON rate.operator_id = %(operator)s AND rate.version_id = who.before_id
       AND rate.months = who.months
     CROSS JOIN LATERAL (
           SELECT CASE WHEN who.first_day < who.whole_ends_on THEN who.whole_ends_on
                       ELSE first_renewal(who.whole_ends_on, who.months,
                                          who.billing_day, who.first_day + 1) END
                  AS ends_on
           -- Else it would be worked out anew wherever it is used.
           OFFSET 0) AS next
     CROSS JOIN LATERAL (
           SELECT CASE WHEN who.first_day < who.whole_ends_on THEN who.whole_starts_on
                       ELSE billing_date(next.ends_on, -who.months, who.billing_day) END
                  AS starts_on, next.ends_on
           OFFSET 0) AS whole
    OFFSET 0
), amounts AS (
    SELECT period.*,
           CASE WHEN period.inside THEN 0
                ELSE share_of(period.rate_before, period.days, period.whole_days) END
           AS charged_before,
           share_of(period.rate_after, period.days, period.whole_days)
           -- Inside a term that is billed whole before anybody knows, the rest of it goes back.
           - CASE WHEN period.inside
                   AND CASE WHEN period.first_day < period.whole_ends_on THEN period.billed
                            ELSE period.worse AND period.notice_on >= period.period_starts_on END
                  THEN share_of(period.rate_before, period.days, period.whole_days)
                  ELSE 0 END AS charged_after,
           CASE WHEN period.inside AND period.first_day <> period.month_ends_on THEN 0
                ELSE coalesce(extra.amount_minor, level.amount_minor, 0) END AS extras,
           coalesce(charge.amount_minor, 0) AS by_hand,
           coalesce(charge.taxable_minor, 0) AS taxable_by_hand
      FROM period
      LEFT JOIN extra ON extra.subscription_id = period.subscription_id
      LEFT JOIN level ON level.subscription_id = period.subscription_id
      LEFT JOIN charge ON charge.subscription_id = period.subscription_id
    OFFSET 0
)
SELECT %(operator)s, %(sheet)s, amounts.subscription_id, customer_id, version_id, amounts.months,
       outcome, worse, first_day, notice_on, closes_notice_on, place, until, rate_before,
       rate_after,
       CASE WHEN inside THEN 0
            ELSE charged_before + extras + by_hand
                 + added_tax(charged_before + extras + taxable_by_hand, tax_percent,
                             tax_included) END,
       charged_after + extras + by_hand
       + added_tax(charged_after + extras + taxable_by_hand, tax_percent, tax_included),
       round_half_away((rate_after - rate_before) * coalesce(used.months, 1)
                       + coalesce(used.extras_after - used.extras_before, 0) * amounts.months,
                       amounts.months * coalesce(used.months, 1)),
       coalesce(used.above, 0), envelope_id, told_on
  FROM amounts
  LEFT JOIN change_used AS used ON used.subscription_id = amounts.subscription_id
