-- What a subscription used of each service in a month: one read of the index, and nothing else.
SELECT entry.service, sum(entry.quantity)
  FROM usage_usageentry AS entry
 WHERE entry.operator_id = %(operator)s AND entry.subscription_id = %(subscription)s
   AND entry.service = ANY (%(counts)s)
   AND entry.on >= %(starts_on)s AND entry.on < %(ends_on)s
 GROUP BY entry.service
