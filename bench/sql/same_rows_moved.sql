-- Writes what the run changed in rows that were there before it.
UPDATE {table} AS it
   SET {settings}
  FROM {copies} AS copy
 WHERE it.operator_id = copy.operator_id AND it.id = copy.id
