-- Allocations move what is left of both documents, once a statement: of what gives, which stands
-- below zero, and of what takes, above. What would make an item pass nothing or its amount is
-- refused by its own constraint. Its plan is kept for the session, perhaps since the tables were
-- empty: only ever by index.
CREATE FUNCTION settle_open_items() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off AS $$
DECLARE
    moved bigint;
    wanted bigint;
BEGIN
    IF EXISTS (SELECT
                 FROM written
                CROSS JOIN LATERAL (
                      SELECT sum(other.amount_minor) AS amount_minor
                        FROM billing_allocation AS other
                       WHERE other.operator_id = written.operator_id
                         AND (other.credit_note_id = written.credit_note_id
                              OR other.payment_id = written.payment_id)
                         AND (other.invoice_id = written.invoice_id
                              OR other.paid_back_id = written.paid_back_id)) AS put
                WHERE written.amount_minor < 0 AND put.amount_minor < 0)
    THEN
        RAISE EXCEPTION 'an allocation takes back more than was put there'
            USING ERRCODE = 'check_violation',
                  CONSTRAINT = 'allocation_takes_back_no_more_than_was_put',
                  TABLE = TG_TABLE_NAME;
    END IF;
    WITH side AS (
        SELECT operator_id, credit_note_id AS invoice_id, payment_id, -1 AS sign, amount_minor
          FROM written
         UNION ALL
        SELECT operator_id, invoice_id, paid_back_id, 1, -amount_minor FROM written
    ), total AS (
        SELECT operator_id, invoice_id, payment_id, sign, sum(amount_minor) AS amount_minor
          FROM side GROUP BY operator_id, invoice_id, payment_id, sign
    ), of_invoices AS (
        UPDATE billing_openitem AS item SET left_minor = item.left_minor + total.amount_minor
          FROM total
         WHERE item.operator_id = total.operator_id AND item.invoice_id = total.invoice_id
           AND sign(item.amount_minor) = total.sign
        RETURNING item.id
    ), of_payments AS (
        UPDATE billing_openitem AS item SET left_minor = item.left_minor + total.amount_minor
          FROM total
         WHERE item.operator_id = total.operator_id AND item.payment_id = total.payment_id
           AND sign(item.amount_minor) = total.sign
        RETURNING item.id
    )
    SELECT (SELECT count(*) FROM of_invoices) + (SELECT count(*) FROM of_payments),
           (SELECT count(*) FROM total)
      INTO moved, wanted;
    IF moved <> wanted THEN
        RAISE EXCEPTION 'an allocation is of what gives nothing, or to what takes nothing'
            USING ERRCODE = 'check_violation',
                  CONSTRAINT = 'only_open_items_are_allocated', TABLE = TG_TABLE_NAME;
    END IF;
    IF EXISTS (SELECT
                 FROM (SELECT DISTINCT operator_id, invoice_id FROM written
                        WHERE at_issue) AS touched
                 JOIN billing_invoice AS invoice
                   ON invoice.operator_id = touched.operator_id AND invoice.id = touched.invoice_id
                WHERE (SELECT sum(it.amount_minor) FROM billing_allocation AS it
                        WHERE it.operator_id = invoice.operator_id
                          AND it.invoice_id = invoice.id AND it.at_issue)
                      <> invoice.credited_minor)
    THEN
        RAISE EXCEPTION 'an invoice would be paid by other credit than it says'
            USING ERRCODE = 'check_violation',
                  CONSTRAINT = 'credits_sum_to_what_the_invoice_took', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER allocations_settle_open_items AFTER INSERT ON billing_allocation
    REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION settle_open_items();

-- The postings of each document sum to zero, once a statement.
CREATE FUNCTION refuse_unbalanced_postings() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off AS $$
BEGIN
    IF EXISTS (SELECT
                 FROM (SELECT DISTINCT operator_id, invoice_id FROM written
                        WHERE invoice_id IS NOT NULL) AS touched
                WHERE (SELECT sum(it.amount_minor) FROM billing_posting AS it
                        WHERE it.operator_id = touched.operator_id
                          AND it.invoice_id = touched.invoice_id) <> 0)
       OR EXISTS (SELECT
                    FROM (SELECT DISTINCT operator_id, payment_id FROM written
                           WHERE payment_id IS NOT NULL) AS touched
                   WHERE (SELECT sum(it.amount_minor) FROM billing_posting AS it
                           WHERE it.operator_id = touched.operator_id
                             AND it.payment_id = touched.payment_id) <> 0)
    THEN
        RAISE EXCEPTION 'the postings of a document do not sum to zero'
            USING ERRCODE = 'check_violation',
                  CONSTRAINT = 'postings_of_a_document_sum_to_zero', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER postings_of_a_document_sum_to_zero AFTER INSERT ON billing_posting
    REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_unbalanced_postings();
