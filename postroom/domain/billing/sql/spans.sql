-- Cuts the months at hand into spans by the terms that held in them.
INSERT INTO draft_span (subscription_id, month, late, term_id, seq, version_id, starts_on, ends_on)
SELECT month.subscription_id, month.starts_on, month.late, term.id, term.seq, term.version_id,
       greatest(term.starts_on, month.starts_on), least(term.ends_on, month.ends_on)
  FROM draft_month AS month
 CROSS JOIN LATERAL (SELECT it.id, it.seq, it.version_id, it.starts_on, it.ends_on
                       FROM subscriptions_term AS it
                      WHERE it.operator_id = %(operator)s
                        AND it.subscription_id = month.subscription_id
                        AND it.ends_on > month.starts_on AND it.starts_on < month.ends_on
                        AND it.starts_on < it.ends_on
                     OFFSET 0) AS term;
ANALYZE draft_span;
