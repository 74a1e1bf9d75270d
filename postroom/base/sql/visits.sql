-- How often somebody came to a gate within a while. It is no noun of ours and no operator's row: a
-- counter that may be lost, and so is not logged.
CREATE UNLOGGED TABLE visits (
    key text NOT NULL PRIMARY KEY,
    began_at timestamptz NOT NULL,
    times integer NOT NULL
);
