-- Whether the operator's move of a customer to a version of another plan takes effect with a term
-- that starts on a day: the version is not withdrawn and has a rate for the term's months, no pin
-- holds the customer, and it is either not worse than what they hold, or they are cleared for it
-- that day and no price lock covers the day. What was never compared counts as worse. Its twin is
-- subscriptions.rule.move_is_met.
CREATE OR REPLACE FUNCTION move_is_met(
    the_operator bigint, the_subscription bigint, held bigint, moves_to bigint,
    the_months integer, day date
) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT EXISTS (SELECT FROM plans_rate AS rate
                    WHERE rate.operator_id = the_operator AND rate.version_id = moves_to
                      AND rate.months = the_months)
       AND NOT EXISTS (SELECT FROM plans_withdrawal AS withdrawal
                        WHERE withdrawal.operator_id = the_operator
                          AND withdrawal.version_id = moves_to)
       AND NOT EXISTS (SELECT FROM subscriptions_pin AS pin
                        WHERE pin.operator_id = the_operator
                          AND pin.subscription_id = the_subscription)
       AND (EXISTS (SELECT FROM plans_comparison AS comparison
                     WHERE comparison.operator_id = the_operator
                       AND comparison.held_id = held AND comparison.other_id = moves_to
                       AND comparison.months = the_months AND NOT comparison.worse)
            OR (NOT EXISTS (SELECT FROM subscriptions_pricelock AS lock
                             WHERE lock.operator_id = the_operator
                               AND lock.subscription_id = the_subscription
                               AND lock.until > day)
                AND subscription_is_cleared(the_operator, the_subscription, moves_to, the_months,
                                            day)))
$$;
