-- Moves a page to what comes next: the month after the one just billed, and the first day on which
-- there will be something to bill again. After its last bill a subscription has none, but for a
-- charge that came after that bill fell due.
UPDATE subscriptions_subscription AS subscription
   SET billed_seq = last_term.seq,
       late_from = NULL,
       month_starts_on = next_month.starts_on,
       month_ends_on = next_month.ends_on,
       next_bill_on = CASE WHEN next_month.over
                           THEN (SELECT min(charge.on) + 1
                                   FROM billing_charge AS charge
                                  WHERE charge.operator_id = subscription.operator_id
                                    AND charge.subscription_id = subscription.id
                                    AND charge.billed_on IS NULL
                                    AND charge.taken_back_at IS NULL)
                           ELSE least(subscription.next_term_on, next_month.ends_on,
                                      subscription.closes_on + 1) END
  FROM draft_due AS due
 CROSS JOIN LATERAL (SELECT it.seq
                       FROM subscriptions_term AS it
                      WHERE it.operator_id = %(operator)s
                        AND it.subscription_id = due.subscription_id
                      ORDER BY it.seq DESC
                      LIMIT 1) AS last_term
 CROSS JOIN LATERAL (SELECT least(due.month_ends_on, due.closes_on + 1) AS day) AS month_end
 CROSS JOIN LATERAL (
       SELECT CASE WHEN month_end.day <= due.due_on THEN month_end.day
                   ELSE due.month_starts_on END AS starts_on,
              CASE WHEN month_end.day <= due.due_on
                   THEN next_billing_date(month_end.day, due.billing_day)
                   ELSE due.month_ends_on END AS ends_on,
              coalesce(due.closes_on < due.due_on, false) AS over) AS next_month
 WHERE subscription.operator_id = %(operator)s
   AND subscription.id = ANY (%(subscriptions)s::bigint[])
   AND subscription.id = due.subscription_id
