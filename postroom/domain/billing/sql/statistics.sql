-- Lets the application's role have the planner count again what the billing run reads and writes.
-- An operator that came since the tables were last counted is not known to the planner, who then
-- takes any index that begins with the operator for as good as the right one, and reads all of his
-- rows for each row of a page.
CREATE FUNCTION count_what_billing_reads() RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    ANALYZE (SKIP_LOCKED) subscriptions_subscription, subscriptions_term, customers_customer,
        customers_mailbox, usage_usageentry, billing_invoice, billing_invoiceline;
END
$$;
REVOKE EXECUTE ON FUNCTION count_what_billing_reads() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION count_what_billing_reads() TO postroom_app;
