-- The billing date in the month that lies "months" after that of "day": day 31 is met on the last
-- day of a short month. The same as base.periods.billing_date, held equal by a test. One plain
-- expression, since the planner then puts it in place of each call: a hundred times faster.
CREATE OR REPLACE FUNCTION billing_date(day date, months integer, billing_day integer) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT least((date_trunc('month', day::timestamp) + make_interval(months => months))::date
                 + (billing_day - 1),
                 (date_trunc('month', day::timestamp) + make_interval(months => months + 1))::date
                 - 1)
$$;
