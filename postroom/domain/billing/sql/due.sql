-- What the steps of a page ask of each subscription: when it fell due, how far it was billed, and
-- the tax of its location.
INSERT INTO draft_due (subscription_id, customer_id, due_on, closes_on, billing_day, billed_seq,
                       month_starts_on, month_ends_on, late_from, tax_percent, tax_included,
                       tax_name)
SELECT subscription.id, subscription.customer_id, subscription.next_bill_on,
       subscription.closes_on, subscription.billing_day, subscription.billed_seq,
       subscription.month_starts_on, subscription.month_ends_on, subscription.late_from,
       location.tax_percent, location.tax_included, location.tax_name
  FROM subscriptions_subscription AS subscription
 CROSS JOIN LATERAL (SELECT mailbox.location_id
                       FROM customers_mailbox AS mailbox
                      WHERE mailbox.operator_id = subscription.operator_id
                        AND mailbox.id = subscription.mailbox_id
                      LIMIT 1) AS place
  JOIN operators_location AS location
    ON location.operator_id = subscription.operator_id AND location.id = place.location_id
 WHERE subscription.operator_id = %(operator)s
   AND subscription.id = ANY (%(subscriptions)s::bigint[]);
-- The planner has to know how many there are, or it joins them row by row.
ANALYZE draft_due;
