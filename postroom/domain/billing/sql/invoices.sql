-- One invoice for each subscription of the page that has something on it, dated with its own due
-- date, whenever the run came to it.
WITH bill AS (
    SELECT line.subscription_id, max(line.switch_id) AS switch_id,
           coalesce(sum(line.amount_minor) FILTER (WHERE line.kind <> 'tax'), 0) AS subtotal_minor,
           coalesce(sum(line.amount_minor) FILTER (WHERE line.kind = 'tax'), 0) AS tax_minor,
           bool_or(line.tax_included) AS includes_tax
      FROM draft_line AS line
     GROUP BY line.subscription_id
    HAVING bool_or(line.kind <> 'extra' OR line.amount_minor <> 0)
), written AS (
    INSERT INTO billing_invoice (operator_id, number, subscription_id, customer_id, billed_on,
                                 switch_id, run_id, currency, customer_name,
                                 customer_address, subtotal_minor, tax_minor,
                                 included_tax_minor, tax_name, total_minor, credited_minor,
                                 issued_at)
    SELECT operator.id, %(first_number)s - 1 + row_number() OVER (ORDER BY due.subscription_id),
           due.subscription_id, due.customer_id, due.due_on, bill.switch_id, %(run)s,
           operator.currency, customer.name, customer.address, bill.subtotal_minor, bill.tax_minor,
           CASE WHEN bill.includes_tax
                THEN (SELECT sum(included.tax_minor)
                        FROM (SELECT round_half_away(sum(line.amount_minor) * line.tax_percent,
                                                     100 + line.tax_percent) AS tax_minor
                                FROM draft_line AS line
                               WHERE line.subscription_id = due.subscription_id
                                 AND line.tax_included AND line.tax_percent IS NOT NULL
                               GROUP BY line.tax_percent) AS included)
                ELSE 0 END,
           due.tax_name, bill.subtotal_minor + bill.tax_minor,
           coalesce(credit.amount_minor, 0), %(at)s
      FROM bill
      JOIN draft_due AS due ON due.subscription_id = bill.subscription_id
     CROSS JOIN LATERAL (SELECT it.name, address_of(it) AS address
                           FROM customers_customer AS it
                          WHERE it.operator_id = %(operator)s AND it.id = due.customer_id
                          LIMIT 1) AS customer
      JOIN operators_operator AS operator ON operator.id = %(operator)s
      LEFT JOIN (SELECT it.subscription_id, sum(it.amount_minor) AS amount_minor
                   FROM draft_credit AS it
                  GROUP BY it.subscription_id) AS credit
        ON credit.subscription_id = bill.subscription_id
    RETURNING total_minor
)
SELECT count(*) FILTER (WHERE total_minor >= 0) AS invoices,
       count(*) FILTER (WHERE total_minor < 0) AS credit_notes,
       coalesce(sum(total_minor), 0) AS total_minor
  FROM written
