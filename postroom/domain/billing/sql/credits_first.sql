-- What is left of a customer's credit notes of earlier billing dates pays his invoices first: the
-- oldest note and the invoice of the lowest subscription first. Those of the same date wait, so
-- that it does not matter which of them came first.
INSERT INTO draft_credit (subscription_id, credit_note_id, amount_minor)
WITH owed AS (
    SELECT bill.subscription_id, bill.customer_id,
           sum(bill.total_minor) OVER in_order - bill.total_minor AS from_minor,
           sum(bill.total_minor) OVER in_order AS to_minor
      FROM (SELECT line.subscription_id, due.customer_id, sum(line.amount_minor) AS total_minor
              FROM draft_line AS line
              JOIN draft_due AS due ON due.subscription_id = line.subscription_id
             GROUP BY line.subscription_id, due.customer_id
            HAVING sum(line.amount_minor) > 0) AS bill
    WINDOW in_order AS (PARTITION BY bill.customer_id ORDER BY bill.subscription_id)
), note AS (
    SELECT open.id, open.customer_id,
           sum(open.left_minor) OVER in_order - open.left_minor AS from_minor,
           sum(open.left_minor) OVER in_order AS to_minor
      FROM (SELECT item.invoice_id AS id, item.customer_id, item.id AS item_id,
                   -item.left_minor AS left_minor
              FROM unnest(ARRAY(SELECT DISTINCT due.customer_id FROM draft_due AS due))
                   AS customer (id)
             CROSS JOIN LATERAL (
                   SELECT it.id, it.invoice_id, it.customer_id, it.left_minor, it.on
                     FROM billing_openitem AS it
                    WHERE it.operator_id = %(operator)s AND it.customer_id = customer.id
                      AND it.left_minor < 0 AND it.invoice_id IS NOT NULL
                    ORDER BY it.on
                    LIMIT 1000000) AS item
             WHERE item.on < (SELECT min(due.due_on) FROM draft_due AS due)) AS open
    WINDOW in_order AS (PARTITION BY open.customer_id ORDER BY open.item_id)
)
SELECT owed.subscription_id, note.id,
       least(owed.to_minor, note.to_minor) - greatest(owed.from_minor, note.from_minor)
  FROM owed
  JOIN note ON note.customer_id = owed.customer_id
   AND note.from_minor < owed.to_minor AND note.to_minor > owed.from_minor
