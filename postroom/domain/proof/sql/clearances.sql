-- What the customers of some subscriptions were told, when that was recorded, and when voided.
SELECT page.id AS subscription_id, told.version_id, told.plan_id, told.first_day, told.last_day,
       told.recorded_at, told.voided_at
  FROM unnest(%(subscriptions)s::bigint[]) AS page (id)
 CROSS JOIN LATERAL (
       SELECT it.version_id, version.plan_id, it.first_day, it.last_day, it.recorded_at,
              (SELECT void.at FROM subscriptions_clearancevoid AS void
                WHERE void.operator_id = %(operator)s AND void.clearance_id = it.id) AS voided_at
         FROM subscriptions_clearance AS it
         JOIN plans_planversion AS version
           ON version.operator_id = %(operator)s AND version.id = it.version_id
        WHERE it.operator_id = %(operator)s AND it.subscription_id = page.id
       OFFSET 0) AS told
