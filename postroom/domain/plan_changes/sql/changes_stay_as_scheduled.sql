-- What was scheduled is kept as it was: an edit is another change. Only how far it has come moves.
CREATE TRIGGER what_was_scheduled_never_changes
    BEFORE UPDATE OF operator_id, id, kind, plan_id, version_id, announcement_id, existing_from,
                     revision, replaces_id, reverses_id, reason, "group", fingerprint, shown,
                     scheduled_by_id, scheduled_at
           OR DELETE OR TRUNCATE ON plan_changes_planchange
    FOR EACH STATEMENT EXECUTE FUNCTION refuse('what_was_scheduled_never_changes');
