-- A handful of the numbers kept for online signup at a location. Which ones is settled by the seed,
-- so that a page shows the same ones when it is loaded again, and nobody can list them all.
CREATE FUNCTION published.free_numbers(
    the_operator bigint, the_location bigint, seed text, at_most integer
) RETURNS SETOF text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT number
      FROM (SELECT mailbox.number, mailbox.sort_key
              FROM customers_mailbox AS mailbox
             WHERE mailbox.operator_id = the_operator AND mailbox.location_id = the_location
               AND mailbox.state = 'reserved'
               AND EXISTS (SELECT FROM published.locations AS location
                            WHERE location.operator_id = the_operator
                              AND location.id = the_location)
             ORDER BY md5(mailbox.number || seed)
             LIMIT least(at_most, 12)) AS few
     ORDER BY sort_key
$$;
ALTER FUNCTION published.free_numbers OWNER TO postroom_definer;
REVOKE EXECUTE ON FUNCTION published.free_numbers FROM PUBLIC;
GRANT EXECUTE ON FUNCTION published.free_numbers TO postroom_public, postroom_app;
