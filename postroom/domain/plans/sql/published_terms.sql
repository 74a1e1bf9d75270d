-- Terms are closed when the transaction that publishes them ends: its number is kept on the
-- version, and rates and allowances may be added in that transaction alone.
ALTER TABLE plans_planversion
    ADD COLUMN written_in xid8 NOT NULL DEFAULT pg_current_xact_id();

CREATE FUNCTION refuse_terms_after_publishing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT
                 FROM added
                 JOIN plans_planversion AS version
                   ON version.operator_id = added.operator_id AND version.id = added.version_id
                WHERE version.written_in <> pg_current_xact_id()) THEN
        RAISE EXCEPTION 'the terms of this version are published already'
            USING ERRCODE = 'check_violation',
                  CONSTRAINT = 'terms_are_written_as_they_are_published', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER terms_are_written_as_they_are_published AFTER INSERT ON plans_rate
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_terms_after_publishing();
CREATE TRIGGER terms_are_written_as_they_are_published AFTER INSERT ON plans_serviceallowance
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_terms_after_publishing();
CREATE TRIGGER terms_are_written_as_they_are_published AFTER INSERT ON plans_storagefee
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_terms_after_publishing();
