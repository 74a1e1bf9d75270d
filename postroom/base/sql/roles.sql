-- The roles that work is done under. They belong to the whole server, so this is run before every
-- migration and makes only what is missing. Nobody logs in as any of them: the login that the
-- application uses is a member, and each transaction takes on one.
DO $$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY[
        'postroom_app',       -- an operator, or a person looking at his own memberships
        'postroom_public',    -- anybody: sees the schema "published" and nothing else
        'postroom_worker',    -- the timetable: finds due operators
        'postroom_platform',  -- the platform's own staff
        'postroom_definer'    -- owns what is published and the few acts open to the public
    ] LOOP
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
                EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
            END IF;
            IF NOT pg_has_role(current_user, wanted, 'USAGE') THEN
                EXECUTE format('GRANT %I TO %I', wanted, current_user);
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;  -- another migration, of another database on this server, was faster
        END;
    END LOOP;
END
$$;

CREATE SCHEMA IF NOT EXISTS published;
GRANT USAGE ON SCHEMA published
    TO postroom_public, postroom_app, postroom_worker, postroom_platform, postroom_definer;
GRANT CREATE ON SCHEMA published TO postroom_definer;
GRANT CREATE ON SCHEMA public TO postroom_definer;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public
    TO postroom_app, postroom_worker, postroom_platform, postroom_definer, postroom_public;
ALTER DEFAULT PRIVILEGES IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES
    TO postroom_app, postroom_platform, postroom_definer;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO postroom_worker;
ALTER DEFAULT PRIVILEGES IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO postroom_app, postroom_platform, postroom_definer;
