-- What customers have paid ahead pays what they owe: the oldest first of both. Credit notes are
-- not touched: they pay the next invoice when it is issued.
INSERT INTO billing_allocation (operator_id, payment_id, invoice_id, amount_minor, "on", at,
                                at_issue)
WITH customer AS (
    SELECT DISTINCT unnest(%(customers)s::bigint[]) AS id
), item AS (
    SELECT it.*,
           sum(abs(it.left_minor)) OVER in_order - abs(it.left_minor) AS from_minor,
           sum(abs(it.left_minor)) OVER in_order AS to_minor
      FROM customer
     CROSS JOIN LATERAL (
           SELECT open.id, open.customer_id, open.invoice_id, open.payment_id, open.on,
                  open.left_minor
             FROM billing_openitem AS open
            WHERE open.operator_id = %(operator)s AND open.customer_id = customer.id
              AND open.left_minor <> 0
              AND (open.left_minor < 0) = (open.payment_id IS NOT NULL)
            ORDER BY open.on
            LIMIT 1000000) AS it
    WINDOW in_order AS (PARTITION BY it.customer_id, it.left_minor < 0 ORDER BY it.on, it.id)
)
SELECT %(operator)s, giver.payment_id, taker.invoice_id,
       least(giver.to_minor, taker.to_minor) - greatest(giver.from_minor, taker.from_minor),
       greatest(giver.on, taker.on), %(at)s, false
  FROM item AS giver
  JOIN item AS taker
    ON taker.customer_id = giver.customer_id AND taker.left_minor > 0
   AND taker.from_minor < giver.to_minor AND taker.to_minor > giver.from_minor
 WHERE giver.left_minor < 0
