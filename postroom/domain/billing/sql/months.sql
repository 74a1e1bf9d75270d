-- The months of allowances to be billed: the running one where it has ended by its due date, with
-- a closing on the day after the last one used; and those already billed for which usage came
-- late. Past months follow from the terms: from billing day to billing day, a new row of them
-- where a switch moved the day.
INSERT INTO draft_month (subscription_id, starts_on, ends_on, late)
SELECT due.subscription_id, due.month_starts_on, running.ends_on, false
  FROM draft_due AS due
 CROSS JOIN LATERAL (SELECT least(due.month_ends_on, due.closes_on + 1) AS ends_on) AS running
 WHERE running.ends_on <= due.due_on AND running.ends_on > due.month_starts_on
 UNION ALL
SELECT late.id, month.starts_on, month.ends_on, true
  FROM (SELECT it.id, it.late_from, it.month_starts_on, it.row_of_months,
               min(it.billing_day) AS billing_day,
               min(it.starts_on) AS starts_on, max(it.ends_on) AS ends_on
          FROM (SELECT term.*, due.late_from, due.month_starts_on, due.subscription_id AS id,
                       count(*) FILTER (WHERE term.moved) OVER in_order AS row_of_months
                  FROM draft_due AS due
                 CROSS JOIN LATERAL (
                       SELECT it.seq, it.billing_day, it.starts_on, it.ends_on,
                              it.billing_day <> lag(it.billing_day) OVER (ORDER BY it.seq) AS moved
                         FROM subscriptions_term AS it
                        WHERE it.operator_id = %(operator)s
                          AND it.subscription_id = due.subscription_id) AS term
                 WHERE due.late_from IS NOT NULL
                WINDOW in_order AS (PARTITION BY due.subscription_id ORDER BY term.seq)) AS it
         GROUP BY it.id, it.late_from, it.month_starts_on, it.row_of_months) AS late
 CROSS JOIN LATERAL generate_series(
       0, ((late.ends_on - late.starts_on) / 28)::integer + 1) AS place
 CROSS JOIN LATERAL (
       SELECT CASE place WHEN 0 THEN late.starts_on
                   ELSE billing_date(first_end.day, place - 1, late.billing_day) END AS starts_on,
              least(billing_date(first_end.day, place, late.billing_day), late.ends_on) AS ends_on
         FROM (SELECT next_billing_date(late.starts_on, late.billing_day) AS day) AS first_end
       ) AS month
 WHERE month.starts_on < month.ends_on
   AND month.ends_on > late.late_from
   AND month.ends_on <= late.month_starts_on;
ANALYZE draft_month;
