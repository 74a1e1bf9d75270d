-- The columns of a table that a statement may write.
SELECT attribute.attname
  FROM pg_attribute AS attribute
 WHERE attribute.attrelid = %s::regclass AND attribute.attnum > 0
   AND NOT attribute.attisdropped AND attribute.attgenerated = ''
 ORDER BY attribute.attnum
