-- The first billing date after a day. The same as base.periods.next_billing_date.
CREATE FUNCTION next_billing_date(day date, billing_day integer) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN billing_date(day, 0, billing_day) > day THEN billing_date(day, 0, billing_day)
                ELSE billing_date(day, 1, billing_day) END
$$;

-- A fraction in whole minor units, halves away from zero: the house's one rounding. The
-- denominator is above zero. The same as base.money.round_half_away.
CREATE FUNCTION round_half_away(numerator numeric, denominator numeric) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (sign(numerator) * div(2 * abs(numerator) + denominator, 2 * denominator))::bigint
$$;

-- What so many days of a whole period are of an amount.
CREATE FUNCTION share_of(amount bigint, days integer, whole_days integer) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN days = whole_days THEN amount
                ELSE (2 * amount * days + whole_days) / (2 * whole_days) END
$$;
