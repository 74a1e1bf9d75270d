-- The rate of each term that was opened and not billed yet, in advance: the share of its own days
-- in the whole period that the rate is for.
INSERT INTO draft_line (subscription_id, kind, term_id, switch_id, starts_on, ends_on, amount_minor,
                        version_id, plan_name, rate_minor, days, whole_days, tax_percent,
                        tax_included)
SELECT due.subscription_id, 'rate', term.id,
       (SELECT switch.id FROM subscriptions_switch AS switch
         WHERE switch.operator_id = %(operator)s AND switch.id = term.switch_id
           AND switch.timing = 'now'),
       term.starts_on, term.ends_on, share_of(rate.amount_minor, term.days, term.whole_days),
       term.version_id, plan.name, rate.amount_minor, term.days, term.whole_days,
       due.tax_percent, due.tax_included
  FROM draft_due AS due
 CROSS JOIN LATERAL (SELECT it.*, it.ends_on - it.starts_on AS days,
                            it.whole_ends_on - it.whole_starts_on AS whole_days
                       FROM subscriptions_term AS it
                      WHERE it.operator_id = %(operator)s
                        AND it.subscription_id = due.subscription_id
                        AND it.seq > due.billed_seq AND it.starts_on < it.ends_on
                        AND it.basis <> 'paid_before'
                     OFFSET 0) AS term
  JOIN plans_planversion AS version
    ON version.operator_id = %(operator)s AND version.id = term.version_id
  JOIN plans_plan AS plan
    ON plan.operator_id = %(operator)s AND plan.id = version.plan_id
  -- Without a rate the amount is missing, which stops this subscription loudly.
  LEFT JOIN plans_rate AS rate
    ON rate.operator_id = %(operator)s AND rate.version_id = term.version_id
   AND rate.months = term.months
