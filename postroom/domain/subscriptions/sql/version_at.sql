-- The version that somebody has on a day ahead if nothing happens until then: the one rule, asked
-- at each renewal up to that day and on the day itself.
CREATE OR REPLACE FUNCTION version_at(
    the_operator bigint, the_subscription bigint, held bigint, the_months integer,
    the_billing_day integer, renewal date, day date
) RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
    WITH RECURSIVE life AS (
        SELECT held AS version_id, renewal AS asked_on, 0 AS step
         UNION ALL
        SELECT version_for(the_operator, the_subscription, life.version_id, the_months,
                           life.asked_on),
               billing_date(renewal, (life.step + 1) * the_months, the_billing_day),
               life.step + 1
          FROM life
         WHERE life.asked_on < day)
    SELECT version_for(the_operator, the_subscription, life.version_id, the_months, day)
      FROM life
     ORDER BY life.step DESC
     LIMIT 1
$$;
