-- How far a page of invoices and credit notes reaches.
SELECT max(page.id) AS last, count(*) AS count
  FROM (SELECT invoice.id
          FROM billing_invoice AS invoice
         WHERE invoice.operator_id = %(operator)s AND invoice.id > %(after)s
         ORDER BY invoice.id
         LIMIT %(size)s) AS page
