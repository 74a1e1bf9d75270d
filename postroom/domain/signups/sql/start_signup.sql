-- The one act of somebody unknown who signs up: takes a number that is kept for online signup, for a
-- plan that is shown on the channel at that version, location and length of term. Returns NULL
-- where the number cannot be had, whatever the reason; sent twice by a form, it is one.
CREATE FUNCTION published.start_signup(
    the_operator bigint, the_plan bigint, the_version bigint, the_location bigint,
    the_months integer, the_number text, came_from text, channel_seen text, the_form uuid,
    hold_until timestamptz, the_time timestamptz
) RETURNS bigint LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    held bigint;
    begun bigint;
BEGIN
    SELECT id INTO begun FROM signups_signup
     WHERE operator_id = the_operator AND started_by_form = the_form;
    IF FOUND THEN
        RETURN begun;
    END IF;
    UPDATE customers_mailbox
       SET state = 'pending'
     WHERE operator_id = the_operator AND location_id = the_location AND number = the_number
       AND state = 'reserved'
       AND EXISTS (SELECT
                     FROM published.plans AS shown
                     JOIN published.plan_locations AS place
                       ON place.operator_id = shown.operator_id AND place.plan_id = shown.id
                      AND place.channel = shown.channel AND place.location_id = the_location
                     JOIN published.rates AS rate
                       ON rate.operator_id = shown.operator_id
                      AND rate.version_id = shown.version_id AND rate.months = the_months
                    WHERE shown.operator_id = the_operator AND shown.channel = channel_seen
                      AND shown.id = the_plan AND shown.version_id = the_version)
    RETURNING id INTO held;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    INSERT INTO signups_signup (
        operator_id, source, state, location_id, plan_id, version_id, months, mailbox_id,
        held_until, kind, name, email, phone, street, city, state_of_address, postal_code,
        country, recipients, asked, answered, agreed_words, mail_trouble, reason,
        recipients_counted, started_by_form, started_at, seen_at)
    VALUES (the_operator, came_from, 'started', the_location, the_plan, the_version, the_months,
            held, hold_until, 'person', '', '', '', '', '', '', '', 'US', '{}', '', '', '', '', '',
            false, the_form, the_time, the_time)
    RETURNING id INTO begun;
    RETURN begun;
END
$$;
ALTER FUNCTION published.start_signup OWNER TO postroom_definer;
REVOKE EXECUTE ON FUNCTION published.start_signup FROM PUBLIC;
GRANT EXECUTE ON FUNCTION published.start_signup TO postroom_public;
