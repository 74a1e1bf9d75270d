-- How far a page of charges by hand reaches.
SELECT max(page.id) AS last, count(*) AS count
  FROM (SELECT charge.id
          FROM billing_charge AS charge
         WHERE charge.operator_id = %(operator)s AND charge.id > %(after)s
         ORDER BY charge.id
         LIMIT %(size)s) AS page
