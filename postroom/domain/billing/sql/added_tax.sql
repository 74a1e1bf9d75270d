-- The tax that is added to an amount; what includes its tax already gets none.
CREATE OR REPLACE FUNCTION added_tax(amount bigint, percent numeric, included boolean)
RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN percent > 0 AND NOT included THEN round_half_away(amount * percent, 100)
                ELSE 0 END
$$;
