-- The bodies that stand under keys already.
SELECT entry.key, entry.body
  FROM usage_usageentry AS entry
 WHERE entry.operator_id = %(operator)s AND entry.key = ANY (%(keys)s::text[])
