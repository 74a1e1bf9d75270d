CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- Raises the named constraint, for triggers that guard what a constraint can't say.
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is refused on %: %', TG_OP, TG_TABLE_NAME, replace(TG_ARGV[0], '_', ' ')
        USING ERRCODE = 'check_violation', CONSTRAINT = TG_ARGV[0], TABLE = TG_TABLE_NAME;
END
$$;
