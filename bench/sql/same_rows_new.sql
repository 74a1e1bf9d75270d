-- Writes the new rows of a table again, from their copies, under all of its keys and triggers.
INSERT INTO {table} ({columns})
SELECT {columns} FROM {copies} ORDER BY id
