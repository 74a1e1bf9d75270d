-- Which customers of the page have paid ahead.
SELECT DISTINCT due.customer_id
  FROM draft_due AS due
 CROSS JOIN LATERAL (SELECT
                       FROM billing_openitem AS item
                      WHERE item.operator_id = %(operator)s
                        AND item.customer_id = due.customer_id
                        AND item.left_minor < 0
                        AND item.payment_id IS NOT NULL
                      LIMIT 1) AS paid_ahead
