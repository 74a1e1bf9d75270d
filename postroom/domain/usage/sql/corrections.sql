-- A correction takes subscription, service and day from the entry that it corrects, and leaves
-- it with a count that an entry may have. The lock lets two corrections of one entry see each
-- other; entries themselves never pass here.
CREATE FUNCTION refuse_unsound_correction() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    corrected usage_usageentry;
    counted bigint;
BEGIN
    SELECT * INTO corrected FROM usage_usageentry
     WHERE operator_id = NEW.operator_id AND id = NEW.corrects_id
       FOR NO KEY UPDATE;
    IF (corrected.subscription_id, corrected.service, corrected.on, corrected.corrects_id)
       IS DISTINCT FROM (NEW.subscription_id, NEW.service, NEW.on, NULL::bigint) THEN
        RAISE EXCEPTION 'a correction is of an entry, and of its subscription, service and day'
            USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME,
                  CONSTRAINT = 'usage_correction_follows_its_entry';
    END IF;
    SELECT corrected.quantity + sum(quantity) INTO counted FROM usage_usageentry
     WHERE operator_id = NEW.operator_id AND corrects_id = NEW.corrects_id;
    IF counted NOT BETWEEN 0 AND 1000000 THEN
        RAISE EXCEPTION 'after this correction the entry would count %', counted
            USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME,
                  CONSTRAINT = 'corrected_usage_stays_a_count';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER usage_correction_follows_its_entry AFTER INSERT ON usage_usageentry
    FOR EACH ROW WHEN (NEW.corrects_id IS NOT NULL) EXECUTE FUNCTION refuse_unsound_correction();
