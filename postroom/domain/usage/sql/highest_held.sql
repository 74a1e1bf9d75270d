-- The highest number of recipients held from a day up to, not including, another: a level, which
-- starts with what the last entry before it left. Nothing was ever entered: zero.
CREATE FUNCTION highest_held(
    the_operator bigint, the_subscription bigint, first_day date, end_day date
) RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(max(level.held), 0)
      FROM (SELECT entry.on, sum(entry.quantity) AS held,
                   row_number() OVER (PARTITION BY entry.on
                                      ORDER BY max(entry.happened_at) DESC NULLS LAST,
                                               sum(entry.quantity) DESC) AS from_the_last
              FROM usage_usageentry AS entry
             WHERE entry.operator_id = the_operator AND entry.subscription_id = the_subscription
               AND entry.service = 'recipients' AND entry.on < end_day
               AND entry.on >= coalesce(
                   (SELECT max(earlier.on) FROM usage_usageentry AS earlier
                     WHERE earlier.operator_id = the_operator
                       AND earlier.subscription_id = the_subscription
                       AND earlier.service = 'recipients' AND earlier.on <= first_day),
                   first_day)
             GROUP BY entry.on, coalesce(entry.corrects_id, entry.id)) AS level
     WHERE level.on >= first_day OR level.from_the_last = 1
$$;
