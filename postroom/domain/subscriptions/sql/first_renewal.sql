-- The first renewal on or after a day: of terms of so many months, one of which starts on
-- ``renewal``. The same as subscriptions.renewals.first_renewal.
CREATE OR REPLACE FUNCTION first_renewal(
    renewal date, months integer, billing_day integer, since date
) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN renewal >= since THEN renewal
                WHEN billing_date(renewal, steps.whole * months, billing_day) >= since
                THEN billing_date(renewal, steps.whole * months, billing_day)
                ELSE billing_date(renewal, (steps.whole + 1) * months, billing_day) END
      FROM (SELECT ((extract(year FROM since) - extract(year FROM renewal)) * 12
                    + extract(month FROM since) - extract(month FROM renewal))::integer / months
                   AS whole) AS steps
$$;
