-- Whether a customer has been validly told of a version for a term that starts on a day. A
-- clearance for one version also clears what is not worse than that one on the same plan. What was
-- told of a version since withdrawn clears nothing: nobody has to void those clearances one by one.
CREATE OR REPLACE FUNCTION subscription_is_cleared(
    the_operator bigint, the_subscription bigint, the_version bigint, the_months integer, day date
) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT EXISTS (
        SELECT
          FROM subscriptions_clearance AS clearance
         WHERE clearance.operator_id = the_operator
           AND clearance.subscription_id = the_subscription
           AND clearance.first_day <= day
           AND (clearance.last_day IS NULL OR clearance.last_day >= day)
           AND NOT EXISTS (SELECT
                             FROM subscriptions_clearancevoid AS void
                            WHERE void.operator_id = clearance.operator_id
                              AND void.clearance_id = clearance.id)
           AND NOT EXISTS (SELECT
                             FROM plans_withdrawal AS withdrawal
                            WHERE withdrawal.operator_id = clearance.operator_id
                              AND withdrawal.version_id = clearance.version_id)
           AND (clearance.version_id = the_version
                OR EXISTS (SELECT
                             FROM plans_comparison AS told
                             JOIN plans_planversion AS heard_of
                               ON heard_of.operator_id = told.operator_id
                              AND heard_of.id = told.held_id
                             JOIN plans_planversion AS asked
                               ON asked.operator_id = told.operator_id
                              AND asked.id = told.other_id AND asked.plan_id = heard_of.plan_id
                            WHERE told.operator_id = clearance.operator_id
                              AND told.held_id = clearance.version_id
                              AND told.other_id = the_version
                              AND told.months = the_months
                              AND NOT told.worse)))
$$;

-- The one rule. On a day, for a subscription that holds a version with terms of so many months,
-- the candidates are the later versions of the same plan, not withdrawn, whose day for existing
-- customers has come, which are for all or have chosen this customer, and which have a rate for
-- those months. A pin removes all. A worse one stays only if the customer is cleared for it that day and no price lock covers the day. The highest
-- number wins; without any, he keeps what he has. Its twin is subscriptions.rule.version_for.
CREATE OR REPLACE FUNCTION version_for(
    the_operator bigint, the_subscription bigint, held bigint, the_months integer, day date
) RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(
        (SELECT candidate.id
           FROM plans_planversion AS current_one
           JOIN plans_planversion AS candidate
             ON candidate.operator_id = current_one.operator_id
            AND candidate.plan_id = current_one.plan_id
            AND candidate.number > current_one.number
            AND candidate.existing_from <= day
           JOIN plans_rate AS rate
             ON rate.operator_id = candidate.operator_id
            AND rate.version_id = candidate.id
            AND rate.months = the_months
           JOIN plans_comparison AS comparison
             ON comparison.operator_id = candidate.operator_id
            AND comparison.held_id = current_one.id
            AND comparison.other_id = candidate.id
            AND comparison.months = the_months
          WHERE current_one.operator_id = the_operator AND current_one.id = held
            AND NOT EXISTS (SELECT FROM plans_withdrawal AS withdrawal
                             WHERE withdrawal.operator_id = candidate.operator_id
                               AND withdrawal.version_id = candidate.id)
            AND (NOT candidate.for_chosen
                 OR EXISTS (SELECT FROM subscriptions_chosen AS chosen
                             WHERE chosen.operator_id = the_operator
                               AND chosen.subscription_id = the_subscription
                               AND chosen.version_id = candidate.id))
            AND NOT EXISTS (SELECT FROM subscriptions_pin AS pin
                             WHERE pin.operator_id = the_operator
                               AND pin.subscription_id = the_subscription)
            AND (NOT comparison.worse
                 OR (NOT EXISTS (SELECT FROM subscriptions_pricelock AS lock
                                  WHERE lock.operator_id = the_operator
                                    AND lock.subscription_id = the_subscription
                                    AND lock.until > day)
                     AND subscription_is_cleared(the_operator, the_subscription, candidate.id,
                                                 the_months, day)))
          ORDER BY candidate.number DESC
          LIMIT 1),
        held)
$$;
