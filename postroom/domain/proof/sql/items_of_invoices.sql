-- The documents of a page whose open item is not what is left of them.
SELECT invoice.id, invoice.number, invoice.subscription_id, invoice.total_minor AS amount_minor,
       invoice.total_minor - took.amount_minor + gave.amount_minor AS left_minor,
       item.amount_minor AS item_minor, item.left_minor AS item_left_minor
  FROM billing_invoice AS invoice
 CROSS JOIN LATERAL (SELECT coalesce(sum(put.amount_minor), 0)::bigint AS amount_minor
                       FROM billing_allocation AS put
                      WHERE put.operator_id = %(operator)s
                        AND put.invoice_id = invoice.id) AS took
 CROSS JOIN LATERAL (SELECT coalesce(sum(put.amount_minor), 0)::bigint AS amount_minor
                       FROM billing_allocation AS put
                      WHERE put.operator_id = %(operator)s
                        AND put.credit_note_id = invoice.id) AS gave
  LEFT JOIN LATERAL (SELECT it.*
                       FROM billing_openitem AS it
                      WHERE it.operator_id = %(operator)s AND it.invoice_id = invoice.id
                      LIMIT 1) AS item
    ON true
 WHERE invoice.operator_id = %(operator)s
   AND invoice.id > %(after)s AND invoice.id <= %(up_to)s
   AND (item.customer_id, item.on, item.amount_minor, item.left_minor)
       IS DISTINCT FROM (invoice.customer_id, invoice.billed_on, invoice.total_minor,
                         invoice.total_minor - took.amount_minor + gave.amount_minor)
 ORDER BY invoice.id
