-- How far a page of customers reaches.
SELECT max(page.id) AS last, count(*) AS count
  FROM (SELECT customer.id
          FROM customers_customer AS customer
         WHERE customer.operator_id = %(operator)s AND customer.id > %(after)s
         ORDER BY customer.id
         LIMIT %(size)s) AS page
