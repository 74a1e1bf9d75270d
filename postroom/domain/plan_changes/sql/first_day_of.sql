-- The first day, from ``since`` on, on which a version can start for somebody whose last opened
-- term this is: at a renewal; on the date, in terms of one month, on any day but the first of a
-- term that has begun, and not while they live on what they paid elsewhere.
CREATE OR REPLACE FUNCTION first_day_of(
    timing text, months integer, billing_day integer, basis text, term_starts_on date,
    whole_ends_on date, since date
) RETURNS date LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    IF timing = 'on_date' AND months = 1 THEN
        IF since >= whole_ends_on THEN
            RETURN since;
        ELSIF basis <> 'paid_before' THEN
            RETURN least(greatest(since, term_starts_on + 1), whole_ends_on);
        END IF;
    END IF;
    RETURN first_renewal(whole_ends_on, months, billing_day, since);
END
$$;
