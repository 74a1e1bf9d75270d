-- What each month at hand had used of each service by the end of each of its spans, those in which
-- nothing was used included. Recipients are a level: the highest held since the month began, asked
-- of all spans of a month in which anybody was held.
INSERT INTO draft_used (subscription_id, month, seq, service, used_by_its_end)
SELECT grid.subscription_id, grid.month, grid.seq, grid.service,
       sum(grid.quantity) OVER (PARTITION BY grid.subscription_id, grid.month, grid.service
                                    ORDER BY grid.seq)
  FROM (WITH counted AS MATERIALIZED (
            SELECT span.subscription_id, span.month, span.seq, entry.service, entry.quantity
              FROM draft_span AS span
             CROSS JOIN LATERAL (SELECT it.service, sum(it.quantity) AS quantity
                                   FROM usage_usageentry AS it
                                  WHERE it.operator_id = %(operator)s
                                    AND it.subscription_id = span.subscription_id
                                    AND it.service = ANY (%(counts)s)
                                    AND it.on >= span.starts_on AND it.on < span.ends_on
                                  GROUP BY it.service) AS entry
        ), cut AS (
            SELECT span.subscription_id, span.month
              FROM draft_span AS span
             GROUP BY span.subscription_id, span.month
            HAVING count(*) > 1
        ), empty AS (
            SELECT DISTINCT counted.subscription_id, counted.month, span.seq, counted.service
              FROM cut
              JOIN counted USING (subscription_id, month)
              JOIN draft_span AS span USING (subscription_id, month)
        )
        SELECT it.subscription_id, it.month, it.seq, it.service, sum(it.quantity) AS quantity
          FROM (SELECT counted.* FROM counted
                 UNION ALL
                SELECT empty.*, 0 FROM empty) AS it
         GROUP BY it.subscription_id, it.month, it.seq, it.service) AS grid
 UNION ALL
SELECT span.subscription_id, span.month, span.seq, 'recipients',
       highest_held(%(operator)s, span.subscription_id, span.month, span.ends_on)
  FROM (SELECT it.*, max(it.ends_on) OVER (PARTITION BY it.subscription_id, it.month) AS month_end
          FROM draft_span AS it) AS span
 WHERE EXISTS (SELECT FROM usage_usageentry AS entry
                WHERE entry.operator_id = %(operator)s
                  AND entry.subscription_id = span.subscription_id
                  AND entry.service = 'recipients' AND entry.on < span.month_end);
ANALYZE draft_used;
