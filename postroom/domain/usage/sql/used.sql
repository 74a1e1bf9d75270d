-- What a subscription used in a month. Counts are summed from one index alone; recipients are the
-- highest number held.
SELECT entry.service, sum(entry.quantity) AS used
  FROM usage_usageentry AS entry
 WHERE entry.operator_id = %(operator)s AND entry.subscription_id = %(subscription)s
   AND entry.service = ANY (%(counts)s)
   AND entry.on >= %(starts_on)s AND entry.on < %(ends_on)s
 GROUP BY entry.service
UNION ALL
SELECT 'recipients', highest_held(%(operator)s, %(subscription)s, %(starts_on)s, %(ends_on)s)
 WHERE EXISTS (SELECT FROM usage_usageentry AS entry
                WHERE entry.operator_id = %(operator)s
                  AND entry.subscription_id = %(subscription)s
                  AND entry.service = 'recipients' AND entry.on < %(ends_on)s)
