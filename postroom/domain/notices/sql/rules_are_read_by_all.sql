-- Rules are the same for every operator: everybody reads them, the platform's staff keep them.
ALTER TABLE notices_noticerule ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY everybody_reads_the_rules ON notices_noticerule FOR SELECT
    TO postroom_app, postroom_worker, postroom_definer USING (true);
CREATE POLICY platform_keeps_the_rules ON notices_noticerule TO postroom_platform
    USING (true) WITH CHECK (true);
