-- The first renewal on or after a day: of terms of so many months, one of which starts on
-- ``renewal``. The same as subscriptions.renewals.first_renewal. Not an SQL function: asked once
-- for each customer, starting one up took longer than all the rest.
CREATE OR REPLACE FUNCTION first_renewal(
    renewal date, months integer, billing_day integer, since date
) RETURNS date LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    whole integer;
    found date;
BEGIN
    IF renewal >= since THEN
        RETURN renewal;
    END IF;
    whole := ((extract(year FROM since) - extract(year FROM renewal)) * 12
              + extract(month FROM since) - extract(month FROM renewal))::integer
             / months * months;
    found := billing_date(renewal, whole, billing_day);
    IF found >= since THEN
        RETURN found;
    END IF;
    RETURN billing_date(renewal, whole + months, billing_day);
END
$$;
