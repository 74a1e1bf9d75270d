-- What anybody may see: plans on the channels where they are ticked, at the version on sale today
-- in their operator's calendar. Owned by postroom_definer; the public role sees nothing else.
CREATE VIEW published.operators WITH (security_barrier) AS
SELECT id, slug, name, currency, locale, time_zone
  FROM operators_operator;

CREATE VIEW published.plans WITH (security_barrier) AS
SELECT plan.operator_id, shown.channel, plan.id, plan.link, plan.name, plan.description,
       version.id AS version_id, version.number, version.sold_from,
       version.setup_fee_minor, version.deposit_minor
  FROM plans_plan AS plan
  JOIN operators_operator AS operator ON operator.id = plan.operator_id
 CROSS JOIN LATERAL (VALUES ('signup', plan.signup), ('lead_gen', plan.lead_gen))
       AS shown (channel, ticked)
 CROSS JOIN LATERAL (
        SELECT version.*
          FROM plans_planversion AS version
         WHERE version.operator_id = plan.operator_id AND version.plan_id = plan.id
           AND version.sold_from <= (now() AT TIME ZONE operator.time_zone)::date
           AND NOT EXISTS (SELECT FROM plans_withdrawal AS withdrawal
                            WHERE withdrawal.operator_id = version.operator_id
                              AND withdrawal.version_id = version.id)
         ORDER BY version.number DESC
         LIMIT 1) AS version
 WHERE shown.ticked;

-- A version's terms are found by its plan, so that reading them costs the same however many plans
-- there are.
CREATE VIEW published.rates WITH (security_barrier) AS
SELECT rate.operator_id, rate.version_id, rate.months, rate.amount_minor
  FROM plans_rate AS rate
  JOIN plans_planversion AS version
    ON version.operator_id = rate.operator_id AND version.id = rate.version_id
 WHERE EXISTS (SELECT FROM published.plans AS plan
                WHERE plan.operator_id = version.operator_id AND plan.id = version.plan_id
                  AND plan.version_id = version.id);

CREATE VIEW published.allowances WITH (security_barrier) AS
SELECT allowance.operator_id, allowance.version_id, allowance.service, allowance.offer,
       allowance."limit", allowance.extra_count, allowance.extra_fee_minor
  FROM plans_serviceallowance AS allowance
  JOIN plans_planversion AS version
    ON version.operator_id = allowance.operator_id AND version.id = allowance.version_id
 WHERE EXISTS (SELECT FROM published.plans AS plan
                WHERE plan.operator_id = version.operator_id AND plan.id = version.plan_id
                  AND plan.version_id = version.id);

CREATE VIEW published.storage_fees WITH (security_barrier) AS
SELECT fee.operator_id, fee.version_id, fee.mail_type, fee.free_days, fee.fee_minor, fee.per,
       fee.cap_minor
  FROM plans_storagefee AS fee
  JOIN plans_planversion AS version
    ON version.operator_id = fee.operator_id AND version.id = fee.version_id
 WHERE EXISTS (SELECT FROM published.plans AS plan
                WHERE plan.operator_id = version.operator_id AND plan.id = version.plan_id
                  AND plan.version_id = version.id);

-- Where each published plan is offered: at its ticked locations, or at all; on the lead-gen
-- website, at those that are listed there.
CREATE VIEW published.plan_locations WITH (security_barrier) AS
SELECT plan.operator_id, plan.channel, plan.id AS plan_id, location.id AS location_id
  FROM published.plans AS plan
  JOIN operators_location AS location
    ON location.operator_id = plan.operator_id
   AND (location.listed OR plan.channel <> 'lead_gen')
 WHERE EXISTS (SELECT FROM plans_planlocation AS ticked
                WHERE ticked.operator_id = plan.operator_id AND ticked.plan_id = plan.id
                  AND ticked.location_id = location.id)
    OR NOT EXISTS (SELECT FROM plans_planlocation AS ticked
                    WHERE ticked.operator_id = plan.operator_id AND ticked.plan_id = plan.id);

-- A location without any published plan is nobody's business either.
CREATE VIEW published.locations WITH (security_barrier) AS
SELECT location.operator_id, location.id, location.slug, location.name, location.street,
       location.city, location.state, location.postal_code, location.country,
       location.time_zone, location.listed
  FROM operators_location AS location
 WHERE EXISTS (SELECT FROM published.plan_locations AS place
                WHERE place.operator_id = location.operator_id
                  AND place.location_id = location.id);

-- Where an old link lands: on its plan if that is seen on the channel, else on its newest visible
-- descendant, by succession or by copy; NULL where there is none. Says nothing of hidden plans.
CREATE FUNCTION published.landing(the_operator bigint, the_link text, the_channel text)
RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH RECURSIVE line AS (
        SELECT plan.id, plan.operator_id, plan.succeeded_by_id
          FROM plans_plan AS plan
         WHERE plan.operator_id = the_operator AND plan.link = the_link
         UNION
        SELECT heir.id, heir.operator_id, heir.succeeded_by_id
          FROM line
          JOIN plans_plan AS heir
            ON heir.operator_id = line.operator_id
           AND (heir.copied_from_id = line.id OR heir.id = line.succeeded_by_id))
    SELECT line.id
      FROM line
      JOIN published.plans AS shown
        ON shown.operator_id = line.operator_id AND shown.id = line.id
       AND shown.channel = the_channel
     ORDER BY shown.link = the_link DESC, line.id DESC
     LIMIT 1
$$;

ALTER VIEW published.operators OWNER TO postroom_definer;
ALTER VIEW published.plans OWNER TO postroom_definer;
ALTER VIEW published.rates OWNER TO postroom_definer;
ALTER VIEW published.allowances OWNER TO postroom_definer;
ALTER VIEW published.storage_fees OWNER TO postroom_definer;
ALTER VIEW published.locations OWNER TO postroom_definer;
ALTER VIEW published.plan_locations OWNER TO postroom_definer;
ALTER FUNCTION published.landing OWNER TO postroom_definer;
GRANT SELECT ON ALL TABLES IN SCHEMA published TO postroom_public, postroom_app;
REVOKE EXECUTE ON FUNCTION published.landing FROM PUBLIC;
GRANT EXECUTE ON FUNCTION published.landing TO postroom_public, postroom_app;
