-- What a subscription used in a month, by service and day. Recipients are left out: a level is read
-- in order.
SELECT entry.service, entry.on, sum(entry.quantity) AS used
  FROM usage_usageentry AS entry
 WHERE entry.operator_id = %(operator)s AND entry.subscription_id = %(subscription)s
   AND entry.service = ANY (%(counts)s)
   AND entry.on >= %(starts_on)s AND entry.on < %(ends_on)s
 GROUP BY entry.service, entry.on
