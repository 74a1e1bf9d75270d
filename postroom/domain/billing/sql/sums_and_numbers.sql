-- Numbers without gaps: each but the first follows one that is there.
ALTER TABLE billing_invoice
    ADD COLUMN previous_number bigint GENERATED ALWAYS AS (nullif(number - 1, 0)) STORED,
    ADD CONSTRAINT invoice_numbers_have_no_gap
        FOREIGN KEY (operator_id, previous_number) REFERENCES billing_invoice (operator_id, number)
        DEFERRABLE INITIALLY DEFERRED;

-- Lines sum to the totals of their invoice. Once a statement, over all the lines that it has: a
-- line added later to an issued invoice breaks the sum. Its plan is kept for the session, perhaps
-- since the tables were empty: only ever by index.
CREATE FUNCTION refuse_unsound_sums() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off AS $$
BEGIN
    IF EXISTS (SELECT
                 FROM (SELECT DISTINCT operator_id, invoice_id FROM written) AS touched
                 JOIN billing_invoice AS invoice
                   ON invoice.operator_id = touched.operator_id AND invoice.id = touched.invoice_id
                CROSS JOIN LATERAL (
                      SELECT coalesce(sum(line.amount_minor)
                                      FILTER (WHERE line.kind <> 'tax'), 0) AS subtotal_minor,
                             coalesce(sum(line.amount_minor)
                                      FILTER (WHERE line.kind = 'tax'), 0) AS tax_minor
                        FROM billing_invoiceline AS line
                       WHERE line.operator_id = invoice.operator_id
                         AND line.invoice_id = invoice.id) AS sums
                WHERE (sums.subtotal_minor, sums.tax_minor)
                      IS DISTINCT FROM (invoice.subtotal_minor, invoice.tax_minor))
    THEN
        RAISE EXCEPTION 'the lines of an invoice do not sum to its totals'
            USING ERRCODE = 'check_violation',
                  CONSTRAINT = 'lines_sum_to_the_totals_of_their_invoice', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER lines_sum_to_the_totals_of_their_invoice AFTER INSERT ON billing_invoiceline
    REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_unsound_sums();

-- A credit note pays no more than it is for, and an invoice takes what it says it took.
CREATE FUNCTION refuse_overspent_credit() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off AS $$
BEGIN
    IF EXISTS (SELECT
                 FROM (SELECT DISTINCT operator_id, credit_note_id FROM spent) AS touched
                 JOIN billing_invoice AS note
                   ON note.operator_id = touched.operator_id AND note.id = touched.credit_note_id
                WHERE (SELECT sum(credit.amount_minor) FROM billing_credituse AS credit
                        WHERE credit.operator_id = note.operator_id
                          AND credit.credit_note_id = note.id) > -note.total_minor)
    THEN
        RAISE EXCEPTION 'a credit note would pay more than it is for'
            USING ERRCODE = 'check_violation',
                  CONSTRAINT = 'credit_note_is_never_overspent', TABLE = TG_TABLE_NAME;
    END IF;
    IF EXISTS (SELECT
                 FROM (SELECT DISTINCT operator_id, invoice_id FROM spent) AS touched
                 JOIN billing_invoice AS invoice
                   ON invoice.operator_id = touched.operator_id AND invoice.id = touched.invoice_id
                WHERE (SELECT sum(credit.amount_minor) FROM billing_credituse AS credit
                        WHERE credit.operator_id = invoice.operator_id
                          AND credit.invoice_id = invoice.id) <> invoice.credited_minor)
    THEN
        RAISE EXCEPTION 'an invoice would be paid by other credit than it says'
            USING ERRCODE = 'check_violation',
                  CONSTRAINT = 'credits_sum_to_what_the_invoice_took', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER credit_uses_are_sound AFTER INSERT ON billing_credituse
    REFERENCING NEW TABLE AS spent
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_overspent_credit();
