-- A page of numbers: how far it reaches, and the numbers that are missing in it, from and to. After
-- the last one, whether the series says so.
WITH page AS MATERIALIZED (
    SELECT it.number
      FROM billing_invoice AS it
     WHERE it.operator_id = %(operator)s AND it.number > %(after)s
     ORDER BY it.number
     LIMIT %(size)s
), gap AS (
    SELECT pair.before + 1 AS first, pair.number - 1 AS last
      FROM (SELECT page.number, lag(page.number, 1, %(after)s::bigint) OVER (ORDER BY page.number)
                   AS before
              FROM page) AS pair
     WHERE pair.number > pair.before + 1
)
SELECT (SELECT max(page.number) FROM page) AS last, (SELECT count(*) FROM page) AS count,
       coalesce((SELECT series.last_number FROM billing_numberseries AS series
                  WHERE series.operator_id = %(operator)s), 0) AS series,
       (SELECT array_agg(ARRAY[gap.first, gap.last] ORDER BY gap.first) FROM gap) AS gaps
