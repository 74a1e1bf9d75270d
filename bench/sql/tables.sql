-- The tenants' tables, each with those that its keys point to.
SELECT class.relname,
       coalesce(array_agg(DISTINCT target.relname::text) FILTER (WHERE target.oid <> class.oid),
                '{}') AS points_to
  FROM pg_class AS class
  JOIN pg_attribute AS tenant
    ON tenant.attrelid = class.oid AND tenant.attname = 'operator_id' AND NOT tenant.attisdropped
  LEFT JOIN pg_constraint AS key ON key.conrelid = class.oid AND key.contype = 'f'
  LEFT JOIN pg_class AS target ON target.oid = key.confrelid
 WHERE class.relnamespace = 'public'::regnamespace AND class.relkind = 'r'
 GROUP BY class.oid, class.relname
 ORDER BY class.relname
