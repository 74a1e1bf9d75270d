-- The first day inside a term, after its first and before its end, on which the one rule gives
-- another version whose timing is on the date. Only terms of one month are ever split. Only days
-- on which an answer may change are asked about: when a version comes, when telling begins and
-- stops to hold, when a price lock ends; and the second day, for what held on the first already.
-- Its twin is subscriptions.rule.split_day.
CREATE FUNCTION split_day(
    the_operator bigint, the_subscription bigint, held bigint, the_months integer,
    first_day date, end_day date
) RETURNS date LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT turn.day
      FROM (SELECT later.existing_from AS day
              FROM plans_planversion AS this
              JOIN plans_planversion AS later
                ON later.operator_id = this.operator_id AND later.plan_id = this.plan_id
               AND later.number > this.number
             WHERE this.operator_id = the_operator AND this.id = held
             UNION
            SELECT unnest(ARRAY[clearance.first_day, clearance.last_day + 1])
              FROM subscriptions_clearance AS clearance
             WHERE clearance.operator_id = the_operator
               AND clearance.subscription_id = the_subscription
             UNION
            SELECT first_day + 1
             UNION
            SELECT lock.until
              FROM subscriptions_pricelock AS lock
             WHERE lock.operator_id = the_operator
               AND lock.subscription_id = the_subscription) AS turn
      JOIN plans_planversion AS given
        ON given.operator_id = the_operator
       AND given.id = version_for(the_operator, the_subscription, held, the_months, turn.day)
     WHERE the_months = 1
       AND turn.day > first_day AND turn.day < end_day
       AND given.id <> held AND given.timing = 'on_date'
     ORDER BY turn.day
     LIMIT 1
$$;
