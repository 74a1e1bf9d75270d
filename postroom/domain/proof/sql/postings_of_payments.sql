-- The payments and refunds of a page that are not posted as they say: on the account of their
-- method, against what is owed.
SELECT payment.id, payment.amount_minor, payment.method, payment.on, posted.received,
       posted.receivable, posted.other, posted.off_day
  FROM billing_payment AS payment
 CROSS JOIN LATERAL (
       SELECT coalesce(sum(it.amount_minor) FILTER (WHERE it.account = payment.method), 0)::bigint
              AS received,
              coalesce(sum(it.amount_minor) FILTER (WHERE it.account = 'receivable'), 0)::bigint
              AS receivable,
              coalesce(sum(it.amount_minor) FILTER (WHERE it.account NOT IN
                       ('receivable', payment.method)), 0)::bigint AS other,
              count(*) FILTER (WHERE it.on <> payment.on) AS off_day
         FROM billing_posting AS it
        WHERE it.operator_id = %(operator)s AND it.payment_id = payment.id) AS posted
 WHERE payment.operator_id = %(operator)s
   AND payment.id > %(after)s AND payment.id <= %(up_to)s
   AND (posted.received, posted.receivable, posted.other, posted.off_day)
       IS DISTINCT FROM (payment.amount_minor, -payment.amount_minor, 0, 0)
 ORDER BY payment.id
