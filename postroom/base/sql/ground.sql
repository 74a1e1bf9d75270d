CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- Raises the named constraint, for triggers that guard what a constraint can't say.
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is refused on %: %', TG_OP, TG_TABLE_NAME, replace(TG_ARGV[0], '_', ' ')
        USING ERRCODE = 'check_violation', CONSTRAINT = TG_ARGV[0], TABLE = TG_TABLE_NAME;
END
$$;

-- The billing date in the month that lies "months" after that of "day": day 31 is met on the last
-- day of a short month. The same as base.periods.billing_date, held equal by a test.
CREATE FUNCTION billing_date(day date, months integer, billing_day integer) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (first_day + (least(billing_day, extract(day FROM first_day + interval '1 month'
                                                             - interval '1 day')::integer) - 1)
           )::date
      FROM (SELECT (date_trunc('month', day::timestamp) + make_interval(months => months))::date
                   AS first_day) AS month
$$;
