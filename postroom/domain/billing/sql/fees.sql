-- Setup fee and deposit with the first term of somebody who joined, for the span of that term; the
-- deposit goes back with the last bill. A deposit is not taxed.
INSERT INTO draft_line (subscription_id, kind, term_id, starts_on, ends_on, amount_minor,
                        version_id, plan_name, tax_percent, tax_included)
SELECT due.subscription_id, fee.kind, term.id, term.starts_on, term.ends_on, fee.amount_minor,
       version.id, plan.name, CASE fee.kind WHEN 'setup' THEN due.tax_percent END,
       fee.kind = 'setup' AND due.tax_included
  FROM draft_due AS due
 CROSS JOIN LATERAL (SELECT it.*
                       FROM subscriptions_term AS it
                      WHERE it.operator_id = %(operator)s
                        AND it.subscription_id = due.subscription_id
                        AND it.seq = 1 AND it.basis = 'joined'
                      LIMIT 1) AS term
  JOIN plans_planversion AS version
    ON version.operator_id = %(operator)s AND version.id = term.version_id
  JOIN plans_plan AS plan
    ON plan.operator_id = %(operator)s AND plan.id = version.plan_id
 CROSS JOIN LATERAL (VALUES ('setup', version.setup_fee_minor),
                            ('deposit', version.deposit_minor)) AS fee (kind, amount_minor)
 WHERE due.billed_seq = 0 AND fee.amount_minor > 0
 UNION ALL
SELECT due.subscription_id, 'deposit_return', deposit.term_id, deposit.starts_on, deposit.ends_on,
       -deposit.amount_minor, deposit.version_id, deposit.plan_name, NULL, false
  FROM draft_due AS due
 CROSS JOIN LATERAL (SELECT line.*
                       FROM subscriptions_term AS term
                       JOIN billing_invoiceline AS line
                         ON line.operator_id = term.operator_id AND line.term_id = term.id
                        AND line.kind = 'deposit'
                      WHERE term.operator_id = %(operator)s
                        AND term.subscription_id = due.subscription_id AND term.seq = 1
                      LIMIT 1) AS deposit
 WHERE due.closes_on < due.due_on
   AND NOT EXISTS (SELECT FROM billing_invoiceline AS returned
                    WHERE returned.operator_id = %(operator)s
                      AND returned.term_id = deposit.term_id
                      AND returned.kind = 'deposit_return')
