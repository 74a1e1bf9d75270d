-- What a subscription used in a month. Counts are summed from one index alone. Recipients are a
-- level: the highest held that month, which starts with what the last entry before it left.
SELECT entry.service, sum(entry.quantity) AS used
  FROM usage_usageentry AS entry
 WHERE entry.operator_id = %(operator)s AND entry.subscription_id = %(subscription)s
   AND entry.service = ANY (%(counts)s)
   AND entry.on >= %(starts_on)s AND entry.on < %(ends_on)s
 GROUP BY entry.service
UNION ALL
SELECT 'recipients', max(level.held)
  FROM (SELECT entry.on, sum(entry.quantity) AS held,
               row_number() OVER (PARTITION BY entry.on
                                  ORDER BY max(entry.happened_at) DESC NULLS LAST,
                                           sum(entry.quantity) DESC) AS from_the_last
          FROM usage_usageentry AS entry
         WHERE entry.operator_id = %(operator)s AND entry.subscription_id = %(subscription)s
           AND entry.service = 'recipients' AND entry.on < %(ends_on)s
           AND entry.on >= coalesce(
               (SELECT max(earlier.on) FROM usage_usageentry AS earlier
                 WHERE earlier.operator_id = %(operator)s
                   AND earlier.subscription_id = %(subscription)s
                   AND earlier.service = 'recipients' AND earlier.on <= %(starts_on)s),
               %(starts_on)s)
         GROUP BY entry.on, coalesce(entry.corrects_id, entry.id)) AS level
 WHERE level.on >= %(starts_on)s OR level.from_the_last = 1
HAVING max(level.held) IS NOT NULL
