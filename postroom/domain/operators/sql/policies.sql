-- Operators are the tenants themselves, and a person sees his own memberships before it is known
-- for which operator he works: the two tables where a scope other than the operator's reads.
ALTER TABLE operators_operator ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY operator_sees_itself ON operators_operator TO postroom_app
    USING (id = nullif(current_setting('postroom.operator_id', true), '')::bigint);
CREATE POLICY member_sees_his_operators ON operators_operator FOR SELECT TO postroom_app
    USING (id IN (SELECT operator_id FROM operators_staff
                   WHERE user_id = nullif(current_setting('postroom.user_id', true), '')::bigint));
CREATE POLICY worker_finds_operators ON operators_operator FOR SELECT TO postroom_worker
    USING (true);
CREATE POLICY platform_sees_all_rows ON operators_operator TO postroom_platform
    USING (true) WITH CHECK (true);
CREATE POLICY published_acts_see_all_rows ON operators_operator FOR SELECT TO postroom_definer
    USING (true);

CREATE POLICY member_sees_his_places ON operators_staff FOR SELECT TO postroom_app
    USING (user_id = nullif(current_setting('postroom.user_id', true), '')::bigint);
