-- What was billed in advance and is not used any more, where the last billed term was cut since.
-- Worked out for all of its unused days, at most what was charged, less what was credited of it
-- before: so that parts add up and a credit never exceeds its charge. Its tax goes back with it.
INSERT INTO draft_line (subscription_id, kind, term_id, starts_on, ends_on, amount_minor,
                        version_id, plan_name, rate_minor, days, whole_days, billed_before_minor,
                        tax_percent, tax_included)
SELECT due.subscription_id, 'credit', term.id, term.ends_on, before.ends_on,
       before.credited - unused.amount_minor, charged.version_id, charged.plan_name,
       charged.rate_minor, charged.ends_on - term.ends_on, charged.whole_days, -before.credited,
       charged.tax_percent, charged.tax_included
  FROM draft_due AS due
 CROSS JOIN LATERAL (SELECT it.id, it.ends_on
                       FROM subscriptions_term AS it
                      WHERE it.operator_id = %(operator)s
                        AND it.subscription_id = due.subscription_id
                        AND it.seq = due.billed_seq
                        -- Only what was ended before its whole period was cut.
                        AND it.ends_on < it.whole_ends_on
                      LIMIT 1) AS term
 CROSS JOIN LATERAL (SELECT line.*
                       FROM billing_invoiceline AS line
                      WHERE line.operator_id = %(operator)s AND line.term_id = term.id
                        AND line.kind = 'rate'
                      LIMIT 1) AS charged
 CROSS JOIN LATERAL (SELECT coalesce(min(credit.starts_on), charged.ends_on) AS ends_on,
                            coalesce(-sum(credit.amount_minor), 0)::bigint AS credited
                       FROM billing_invoiceline AS credit
                      WHERE charged.ends_on > term.ends_on
                        AND credit.operator_id = %(operator)s AND credit.term_id = term.id
                        AND credit.kind = 'credit') AS before
 CROSS JOIN LATERAL (SELECT least(share_of(charged.rate_minor, charged.ends_on - term.ends_on,
                                           charged.whole_days), charged.amount_minor)
                            AS amount_minor) AS unused
 WHERE term.ends_on < before.ends_on
   AND unused.amount_minor <> before.credited
