-- The payments and refunds of a page whose open item is not what is left of them.
SELECT payment.id, -payment.amount_minor AS amount_minor,
       gave.amount_minor - took.amount_minor - payment.amount_minor AS left_minor,
       item.amount_minor AS item_minor, item.left_minor AS item_left_minor
  FROM billing_payment AS payment
 CROSS JOIN LATERAL (SELECT coalesce(sum(put.amount_minor), 0)::bigint AS amount_minor
                       FROM billing_allocation AS put
                      WHERE put.operator_id = %(operator)s
                        AND put.payment_id = payment.id) AS gave
 CROSS JOIN LATERAL (SELECT coalesce(sum(put.amount_minor), 0)::bigint AS amount_minor
                       FROM billing_allocation AS put
                      WHERE put.operator_id = %(operator)s
                        AND put.paid_back_id = payment.id) AS took
  LEFT JOIN LATERAL (SELECT it.*
                       FROM billing_openitem AS it
                      WHERE it.operator_id = %(operator)s AND it.payment_id = payment.id
                      LIMIT 1) AS item
    ON true
 WHERE payment.operator_id = %(operator)s
   AND payment.id > %(after)s AND payment.id <= %(up_to)s
   AND (item.customer_id, item.on, item.amount_minor, item.left_minor)
       IS DISTINCT FROM (payment.customer_id, payment.on, -payment.amount_minor,
                         gave.amount_minor - took.amount_minor - payment.amount_minor)
 ORDER BY payment.id
