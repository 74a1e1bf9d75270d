-- Where a page is worked out before anything is written: seen by this connection alone, and empty
-- again when the transaction ends.
CREATE TEMPORARY TABLE IF NOT EXISTS draft_due (
    subscription_id bigint NOT NULL,
    customer_id bigint NOT NULL,
    due_on date NOT NULL,
    closes_on date,
    billing_day integer NOT NULL,
    billed_seq integer NOT NULL,
    month_starts_on date NOT NULL,
    month_ends_on date NOT NULL,
    late_from date,
    tax_percent numeric,
    tax_included boolean NOT NULL,
    tax_name text NOT NULL
) ON COMMIT DELETE ROWS;
CREATE TEMPORARY TABLE IF NOT EXISTS draft_line (
    subscription_id bigint NOT NULL,
    kind text NOT NULL,
    term_id bigint,
    switch_id bigint,
    service text NOT NULL DEFAULT '',
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    revision integer NOT NULL DEFAULT 0,
    amount_minor bigint NOT NULL,
    version_id bigint,
    plan_name text NOT NULL DEFAULT '',
    rate_minor bigint,
    days integer,
    whole_days integer,
    used_before bigint,
    used bigint,
    "limit" integer,
    over bigint,
    extra_count integer,
    extra_fee_minor bigint,
    billed_before_minor bigint NOT NULL DEFAULT 0,
    charge_id bigint,
    tax_percent numeric,
    tax_included boolean NOT NULL DEFAULT false,
    text text NOT NULL DEFAULT ''
) ON COMMIT DELETE ROWS;
CREATE TEMPORARY TABLE IF NOT EXISTS draft_month (
    subscription_id bigint NOT NULL,
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    late boolean NOT NULL
) ON COMMIT DELETE ROWS;
CREATE TEMPORARY TABLE IF NOT EXISTS draft_span (
    subscription_id bigint NOT NULL,
    month date NOT NULL,
    late boolean NOT NULL,
    term_id bigint NOT NULL,
    seq integer NOT NULL,
    version_id bigint NOT NULL,
    starts_on date NOT NULL,
    ends_on date NOT NULL
) ON COMMIT DELETE ROWS;
CREATE TEMPORARY TABLE IF NOT EXISTS draft_used (
    subscription_id bigint NOT NULL,
    month date NOT NULL,
    seq integer NOT NULL,
    service text NOT NULL,
    used_by_its_end bigint NOT NULL
) ON COMMIT DELETE ROWS;
CREATE TEMPORARY TABLE IF NOT EXISTS draft_credit (
    subscription_id bigint NOT NULL,
    credit_note_id bigint NOT NULL,
    amount_minor bigint NOT NULL
) ON COMMIT DELETE ROWS;
DELETE FROM draft_due;
DELETE FROM draft_line;
DELETE FROM draft_month;
DELETE FROM draft_span;
DELETE FROM draft_used;
DELETE FROM draft_credit;
