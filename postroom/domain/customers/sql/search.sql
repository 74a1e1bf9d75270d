-- Text search for the desk. Under a policy no operator that is not leakproof can be an index
-- condition, so the search runs as its definer and filters the operator by itself.
CREATE INDEX customers_by_words ON customers_customer
    USING gin (lower(name || ' ' || email || ' ' || phone) gin_trgm_ops);

CREATE FUNCTION customers_matching(words text) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT id
      FROM customers_customer
     WHERE operator_id = nullif(current_setting('postroom.operator_id', true), '')::bigint
       AND lower(name || ' ' || email || ' ' || phone)
           LIKE '%' || replace(replace(replace(lower(words), '\', '\\'), '%', '\%'), '_', '\_')
                || '%'
$$;
ALTER FUNCTION customers_matching OWNER TO postroom_definer;
REVOKE EXECUTE ON FUNCTION customers_matching FROM PUBLIC;
GRANT EXECUTE ON FUNCTION customers_matching TO postroom_app;
