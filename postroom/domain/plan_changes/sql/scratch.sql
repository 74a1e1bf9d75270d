-- Where a change is worked out: seen by this connection alone, and empty again when the
-- transaction ends.
--
-- What is worked out on the way is wide: spilt to disk it would take several times as long.
SET LOCAL work_mem = '128MB';
CREATE TEMPORARY TABLE IF NOT EXISTS change_row (
    subscription_id bigint NOT NULL,
    customer_id bigint NOT NULL,
    held_id bigint NOT NULL,
    before_id bigint NOT NULL,
    months integer NOT NULL,
    billing_day integer NOT NULL,
    closes_on date,
    next_bill_on date,
    starts_on date NOT NULL,
    month_starts_on date NOT NULL,
    month_ends_on date NOT NULL,
    late_from date,
    billed_seq integer NOT NULL,
    term_starts_on date NOT NULL,
    term_ends_on date NOT NULL,
    whole_starts_on date NOT NULL,
    whole_ends_on date NOT NULL,
    billed boolean NOT NULL,
    tax_percent numeric,
    tax_included boolean NOT NULL,
    outcome text NOT NULL,
    worse boolean NOT NULL,
    first_day date,
    notice_on date,
    closes_notice_on date,
    place integer,
    until date,
    rate_after bigint,
    envelope_id bigint,
    told_on date
) ON COMMIT DELETE ROWS;
CREATE TEMPORARY TABLE IF NOT EXISTS change_used (
    subscription_id bigint NOT NULL,
    months integer NOT NULL,
    extras_before bigint NOT NULL,
    extras_after bigint NOT NULL,
    above integer NOT NULL
) ON COMMIT DELETE ROWS;
DELETE FROM change_row;
DELETE FROM change_used;
