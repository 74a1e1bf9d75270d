-- Each location and address of a plan's customers, once.
SELECT who.location_id, location.country AS location_country, location.state AS location_state,
       who.country, who.state
  FROM (SELECT DISTINCT mailbox.location_id, customer.country, customer.state
          FROM subscriptions_subscription AS subscription
          JOIN customers_mailbox AS mailbox
            ON mailbox.operator_id = subscription.operator_id
           AND mailbox.id = subscription.mailbox_id
          JOIN customers_customer AS customer
            ON customer.operator_id = subscription.operator_id
           AND customer.id = subscription.customer_id
         WHERE subscription.operator_id = %(operator)s
           AND (subscription.plan_id = %(plan)s
                OR subscription.id = ANY (%(besides)s::bigint[]))
           AND (subscription.closes_on IS NULL OR subscription.closes_on >= %(on)s)) AS who
  JOIN operators_location AS location
    ON location.operator_id = %(operator)s AND location.id = who.location_id
 ORDER BY who.location_id, who.country, who.state
