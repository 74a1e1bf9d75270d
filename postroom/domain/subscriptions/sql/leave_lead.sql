-- The one act of a visitor: asks for a plan that is shown on the page he is on. Returns NULL where
-- it is not shown there, at that version or at that location; sent twice, it is kept once. The
-- source is where the visitor came from, if that says more than the channel.
DROP FUNCTION IF EXISTS published.leave_lead(
    bigint, bigint, bigint, bigint, text, text, text, text, text, uuid, timestamptz);
CREATE OR REPLACE FUNCTION published.leave_lead(
    the_operator bigint, the_plan bigint, the_version bigint, the_location bigint, channel_seen text,
    the_name text, the_email text, the_phone text, the_message text, the_form uuid, the_time timestamptz,
    the_source text DEFAULT NULL
) RETURNS bigint LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO subscriptions_lead (operator_id, plan_id, version_id, location_id, source, name,
                                    email, phone, message, sent_by_form, at)
    SELECT the_operator, shown.id, shown.version_id, the_location,
           coalesce(the_source, channel_seen), the_name, the_email, the_phone, the_message, the_form, the_time
      FROM published.plans AS shown
     WHERE shown.operator_id = the_operator AND shown.channel = channel_seen
       AND shown.id = the_plan AND shown.version_id = the_version
       AND (the_location IS NULL
            OR EXISTS (SELECT FROM published.plan_locations AS place
                        WHERE place.operator_id = the_operator AND place.channel = channel_seen
                          AND place.plan_id = the_plan AND place.location_id = the_location))
        ON CONFLICT ON CONSTRAINT lead_is_sent_once_by_a_form DO UPDATE SET at = subscriptions_lead.at
    RETURNING id
$$;
ALTER FUNCTION published.leave_lead OWNER TO postroom_definer;
REVOKE EXECUTE ON FUNCTION published.leave_lead FROM PUBLIC;
GRANT EXECUTE ON FUNCTION published.leave_lead TO postroom_public;
