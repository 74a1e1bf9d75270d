-- The knowledge base is the same for everybody: all read it, migrations write it.
ALTER TABLE knowledge_base_article ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY everybody_reads_articles ON knowledge_base_article FOR SELECT
    TO postroom_app USING (true);
CREATE POLICY platform_keeps_articles ON knowledge_base_article TO postroom_platform
    USING (true) WITH CHECK (true);

-- Readers see and change what they said themselves, and cannot call it done; nobody else's.
ALTER TABLE knowledge_base_feedback ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY readers_keep_their_own_feedback ON knowledge_base_feedback TO postroom_app
    USING (user_id = nullif(current_setting('postroom.user_id', true), '')::bigint
           OR visitor = nullif(current_setting('postroom.visitor', true), '')::uuid)
    WITH CHECK (done_at IS NULL
                AND (user_id = nullif(current_setting('postroom.user_id', true), '')::bigint
                     OR visitor = nullif(current_setting('postroom.visitor', true), '')::uuid));
CREATE POLICY platform_sees_all_feedback ON knowledge_base_feedback TO postroom_platform
    USING (true) WITH CHECK (true);

ALTER TABLE knowledge_base_feedback
    ADD CONSTRAINT knowledge_base_feedback_user_exists
        FOREIGN KEY (user_id) REFERENCES users_user (id),
    ADD CONSTRAINT knowledge_base_feedback_done_by_exists
        FOREIGN KEY (done_by_id) REFERENCES users_user (id);
