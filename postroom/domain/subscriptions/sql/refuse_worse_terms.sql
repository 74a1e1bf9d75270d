-- The hard stop: whatever opens a term, worse terms on the same plan need a clearance, unless the
-- customer chose them himself. Once a statement, since a row trigger costs three times as much.
--
-- Its plan is kept for the session, perhaps since the tables were empty: only ever by index.
CREATE OR REPLACE FUNCTION refuse_worse_terms() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off AS $$
BEGIN
    -- Nearly every term keeps its version, so the rest is only asked of those that do not: the
    -- CASE keeps the planner from asking about clearances first.
    IF EXISTS (SELECT
                 FROM opened AS term
                 JOIN subscriptions_term AS before
                   ON before.operator_id = term.operator_id
                  AND before.subscription_id = term.subscription_id
                  AND before.seq = term.seq - 1
                WHERE term.seq > 1
                  AND term.version_id <> before.version_id
                  AND term.basis <> 'own_act'
                  AND (term.basis = 'moved'
                       OR (SELECT count(DISTINCT version.plan_id) = 1
                             FROM plans_planversion AS version
                            WHERE version.operator_id = term.operator_id
                              AND version.id IN (before.version_id, term.version_id)))
                  AND coalesce((SELECT comparison.worse
                                  FROM plans_comparison AS comparison
                                 WHERE comparison.operator_id = term.operator_id
                                   AND comparison.held_id = before.version_id
                                   AND comparison.other_id = term.version_id
                                   AND comparison.months = term.months), true)
                  AND CASE WHEN term.version_id <> before.version_id
                           THEN NOT subscription_is_cleared(
                                        term.operator_id, term.subscription_id, term.version_id,
                                        term.months, term.starts_on)
                      END)
    THEN
        RAISE EXCEPTION 'a term would open under worse terms that the customer was not told of'
            USING ERRCODE = 'check_violation',
                  CONSTRAINT = 'worse_terms_need_a_clearance', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER worse_terms_need_a_clearance AFTER INSERT ON subscriptions_term
    REFERENCING NEW TABLE AS opened
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_worse_terms();
