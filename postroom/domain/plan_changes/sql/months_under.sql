-- What the whole months at hand would have cost in extras under each of these versions, and what
-- was used that a version does not offer. A month is judged whole by each of them.
WITH month AS (
    SELECT DISTINCT month.starts_on, month.ends_on
      FROM draft_month AS month
      JOIN draft_span AS span ON span.month = month.starts_on
      JOIN subscriptions_term AS term
        ON term.operator_id = %(operator)s AND term.id = span.term_id
     WHERE month.starts_on = billing_date(month.starts_on, 0, term.billing_day)
       AND month.ends_on = billing_date(month.starts_on, 1, term.billing_day)
), used AS (
    SELECT it.month, it.service, max(it.used_by_its_end) AS used
      FROM draft_used AS it
     GROUP BY it.month, it.service
)
SELECT version.id AS version_id, month.starts_on, month.ends_on,
       coalesce(sum(extra_of(used.used, allowance.offer, allowance.limit, allowance.extra_count,
                             allowance.extra_fee_minor)), 0)::bigint AS extras_minor,
       coalesce(array_agg(used.service ORDER BY used.service)
                FILTER (WHERE used.used > 0
                          AND coalesce(allowance.offer, 'not_offered') = 'not_offered'),
                '{}') AS not_offered
  FROM month
 CROSS JOIN unnest(%(versions)s::bigint[]) AS version (id)
  LEFT JOIN used ON used.month = month.starts_on
  LEFT JOIN plans_serviceallowance AS allowance
    ON allowance.operator_id = %(operator)s AND allowance.version_id = version.id
   AND allowance.service = used.service
 GROUP BY version.id, month.starts_on, month.ends_on
 ORDER BY version.id, month.starts_on
