-- The least that a biller can do with and still be sound: keys, one bill a period, exact amounts.
CREATE TABLE customer (
    id bigint PRIMARY KEY,
    name text NOT NULL
);
CREATE TABLE plan (
    id bigint PRIMARY KEY,
    name text NOT NULL,
    rate numeric(12, 2) NOT NULL
);
CREATE TABLE allowance (
    plan_id bigint NOT NULL REFERENCES plan,
    service text NOT NULL,
    included integer NOT NULL,
    extra_fee numeric(12, 2) NOT NULL,
    PRIMARY KEY (plan_id, service)
);
CREATE TABLE subscription (
    id bigint PRIMARY KEY,
    customer_id bigint NOT NULL REFERENCES customer,
    plan_id bigint NOT NULL REFERENCES plan,
    period_starts_on date NOT NULL,
    period_ends_on date NOT NULL
);
CREATE TABLE usage (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key text NOT NULL UNIQUE,
    subscription_id bigint NOT NULL REFERENCES subscription,
    service text NOT NULL,
    used_on date NOT NULL,
    quantity integer NOT NULL CHECK (quantity > 0)
);
CREATE INDEX used_of_an_allowance ON usage (subscription_id, service, used_on) INCLUDE (quantity);
CREATE TABLE invoice (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    subscription_id bigint NOT NULL REFERENCES subscription,
    period_starts_on date NOT NULL,
    total numeric(12, 2) NOT NULL,
    UNIQUE (subscription_id, period_starts_on)
);
CREATE TABLE invoice_line (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    invoice_id bigint NOT NULL REFERENCES invoice,
    service text NOT NULL,
    quantity bigint NOT NULL,
    amount numeric(12, 2) NOT NULL
);
CREATE INDEX lines_of_an_invoice ON invoice_line (invoice_id);
