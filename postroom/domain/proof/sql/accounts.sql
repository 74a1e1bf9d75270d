-- The customers of a page whose open items are not what stands on their receivable account.
SELECT customer.id, customer.name, open.left_minor,
       invoiced.amount_minor + paid.amount_minor AS receivable_minor
  FROM customers_customer AS customer
 CROSS JOIN LATERAL (SELECT coalesce(sum(item.left_minor), 0)::bigint AS left_minor
                       FROM billing_openitem AS item
                      WHERE item.operator_id = %(operator)s AND item.customer_id = customer.id
                        AND item.left_minor <> 0) AS open
 CROSS JOIN LATERAL (
       SELECT coalesce(sum(posted.amount_minor), 0)::bigint AS amount_minor
         FROM (SELECT it.id
                 FROM billing_invoice AS it
                WHERE it.operator_id = %(operator)s AND it.customer_id = customer.id
               OFFSET 0) AS invoice
        CROSS JOIN LATERAL (SELECT it.amount_minor
                              FROM billing_posting AS it
                             WHERE it.operator_id = %(operator)s AND it.invoice_id = invoice.id
                               AND it.account = 'receivable'
                             LIMIT 1) AS posted) AS invoiced
 CROSS JOIN LATERAL (
       SELECT coalesce(sum(posted.amount_minor), 0)::bigint AS amount_minor
         FROM (SELECT it.id
                 FROM billing_payment AS it
                WHERE it.operator_id = %(operator)s AND it.customer_id = customer.id
               OFFSET 0) AS payment
        CROSS JOIN LATERAL (SELECT it.amount_minor
                              FROM billing_posting AS it
                             WHERE it.operator_id = %(operator)s AND it.payment_id = payment.id
                               AND it.account = 'receivable'
                             LIMIT 1) AS posted) AS paid
 WHERE customer.operator_id = %(operator)s
   AND customer.id > %(after)s AND customer.id <= %(up_to)s
   AND open.left_minor <> invoiced.amount_minor + paid.amount_minor
 ORDER BY customer.id
