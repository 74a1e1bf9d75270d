-- How far a page of payments and refunds reaches.
SELECT max(page.id) AS last, count(*) AS count
  FROM (SELECT payment.id
          FROM billing_payment AS payment
         WHERE payment.operator_id = %(operator)s AND payment.id > %(after)s
         ORDER BY payment.id
         LIMIT %(size)s) AS page
