-- What so many blocks, the last one perhaps not full, of what is over cost.
CREATE OR REPLACE FUNCTION blocks_cost(over numeric, extra_count integer, extra_fee bigint)
RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(div(over + extra_count - 1, extra_count), 0)::bigint * coalesce(extra_fee, 0)
$$;

-- What a whole month's extras of a service cost under one allowance.
CREATE OR REPLACE FUNCTION extra_of(
    used numeric, offer text, "limit" integer, extra_count integer, extra_fee bigint
) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN offer = 'restricted' AND used > "limit"
                THEN blocks_cost(used - "limit", extra_count, extra_fee) ELSE 0 END
$$;
