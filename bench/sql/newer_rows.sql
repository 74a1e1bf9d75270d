-- The rows of a table that were written since a mark, as a stream.
COPY (SELECT {names} FROM {table}
       WHERE xmin::text::bigint >= {since} AND {condition}
       ORDER BY id) TO STDOUT (FORMAT binary)
