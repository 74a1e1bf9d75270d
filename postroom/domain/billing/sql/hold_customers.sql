-- Holds the customers of a page who have had credit notes, so that no two pages spend one twice.
SELECT customer.id
  FROM customers_customer AS customer
 WHERE customer.operator_id = %(operator)s
   AND customer.id = ANY (ARRAY(
       SELECT due.customer_id
         FROM draft_due AS due
        WHERE EXISTS (SELECT FROM billing_invoice AS note
                       WHERE note.operator_id = %(operator)s
                         AND note.customer_id = due.customer_id AND note.total_minor < 0)))
 ORDER BY customer.id
   FOR NO KEY UPDATE
