-- Terms of a subscription tile. Each term but the first starts where the one before it ends: a
-- key from (its number less one, its start) to (number, end), checked when the transaction ends
-- so that a term may be cut and followed in any order. The first starts with its subscription.
ALTER TABLE subscriptions_term
    ADD COLUMN previous_seq integer GENERATED ALWAYS AS (nullif(seq - 1, 0)) STORED,
    ADD COLUMN first_day date GENERATED ALWAYS AS (CASE seq WHEN 1 THEN starts_on END) STORED,
    ADD CONSTRAINT end_of_a_term_can_be_followed
        UNIQUE (operator_id, subscription_id, seq, ends_on),
    ADD CONSTRAINT terms_of_a_subscription_tile
        FOREIGN KEY (operator_id, subscription_id, previous_seq, starts_on)
        REFERENCES subscriptions_term (operator_id, subscription_id, seq, ends_on)
        DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT first_term_starts_with_its_subscription
        FOREIGN KEY (operator_id, subscription_id, first_day)
        REFERENCES subscriptions_subscription (operator_id, id, starts_on);

ALTER TABLE subscriptions_subscription
    ADD CONSTRAINT subscription_holds_a_version_of_its_plan
        FOREIGN KEY (operator_id, plan_id, version_id)
        REFERENCES plans_planversion (operator_id, plan_id, id);

CREATE FUNCTION refuse_change_of_a_term() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kept subscriptions_term := NEW;
BEGIN
    kept.ends_on := OLD.ends_on;
    -- The generated columns follow from the others and are not filled in yet.
    kept.previous_seq := OLD.previous_seq;
    kept.first_day := OLD.first_day;
    IF kept IS DISTINCT FROM OLD OR NEW.ends_on > OLD.ends_on THEN
        RAISE EXCEPTION 'a term may only be ended earlier'
            USING ERRCODE = 'check_violation',
                  CONSTRAINT = 'terms_are_only_ever_shortened', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER terms_are_only_ever_shortened BEFORE UPDATE ON subscriptions_term
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_a_term();
CREATE TRIGGER terms_are_never_deleted BEFORE DELETE OR TRUNCATE ON subscriptions_term
    FOR EACH STATEMENT EXECUTE FUNCTION refuse('terms_are_never_deleted');
