-- Extras of the months at hand, in arrears. A service's spans with the same allowance are one part. In time order each unit is judged by the allowance
-- of its day and by how many the month had used before: over = max(0, before + used - max(limit,
-- before)), charged by block. Recipients are a level: each new high is used on its day. What is
-- not offered bears no fee and is noted. For a month billed before: what is owed now less what
-- was billed.
INSERT INTO draft_line (subscription_id, kind, term_id, service, starts_on, ends_on, revision,
                        amount_minor, version_id, plan_name, used_before, used, "limit", over,
                        extra_count, extra_fee_minor, billed_before_minor, tax_percent,
                        tax_included)
WITH judged AS (
    SELECT span.*, used.service, used.used_by_its_end,
           coalesce(allowance.offer, 'not_offered') AS offer,
           allowance.limit, allowance.extra_count, allowance.extra_fee_minor,
           (lag(ROW (allowance.offer, allowance.limit, allowance.extra_count,
                     allowance.extra_fee_minor)) OVER in_order
            IS DISTINCT FROM ROW (allowance.offer, allowance.limit, allowance.extra_count,
                                  allowance.extra_fee_minor))::integer AS changes
      FROM draft_span AS span
      JOIN draft_used AS used
        ON used.subscription_id = span.subscription_id AND used.month = span.month
       AND used.seq = span.seq
      LEFT JOIN plans_serviceallowance AS allowance
        ON allowance.operator_id = %(operator)s AND allowance.version_id = span.version_id
       AND allowance.service = used.service
    WINDOW in_order AS (PARTITION BY span.subscription_id, span.month, used.service
                            ORDER BY span.seq)
), numbered AS (
    SELECT judged.*, sum(judged.changes) OVER (PARTITION BY judged.subscription_id, judged.month,
                                                            judged.service
                                                   ORDER BY judged.seq) AS number
      FROM judged
), part AS (
    SELECT numbered.subscription_id, numbered.month, numbered.late, numbered.service,
           numbered.offer, numbered.limit, numbered.extra_count, numbered.extra_fee_minor,
           (array_agg(numbered.term_id ORDER BY numbered.seq))[1] AS term_id,
           (array_agg(numbered.version_id ORDER BY numbered.seq))[1] AS version_id,
           min(numbered.starts_on) AS starts_on, max(numbered.ends_on) AS ends_on,
           max(numbered.used_by_its_end) AS used_by_its_end,
           coalesce(lag(max(numbered.used_by_its_end))
                    OVER (PARTITION BY numbered.subscription_id, numbered.month, numbered.service
                              ORDER BY numbered.number), 0) AS used_before
      FROM numbered
     GROUP BY numbered.subscription_id, numbered.month, numbered.late, numbered.service,
              numbered.number, numbered.offer, numbered.limit, numbered.extra_count,
              numbered.extra_fee_minor
)
SELECT part.subscription_id, 'extra', part.term_id, part.service, part.starts_on, part.ends_on,
       before.revision, owed.amount_minor - before.billed_minor, part.version_id, plan.name,
       part.used_before, part.used_by_its_end - part.used_before, part.limit, owed.over,
       part.extra_count, part.extra_fee_minor, before.billed_minor, due.tax_percent,
       due.tax_included
  FROM part
 CROSS JOIN LATERAL (
       SELECT over.over,
              blocks_cost(over.over, part.extra_count, part.extra_fee_minor) AS amount_minor
         FROM (SELECT CASE part.offer
                           WHEN 'restricted'
                           THEN greatest(0, part.used_by_its_end
                                            - greatest(part.limit, part.used_before))
                           ELSE 0 END AS over) AS over) AS owed
 CROSS JOIN LATERAL (
       SELECT count(*) AS revision, coalesce(sum(line.amount_minor), 0)::bigint AS billed_minor
         FROM billing_invoiceline AS line
        WHERE part.late
          AND line.operator_id = %(operator)s AND line.term_id = part.term_id
          AND line.kind = 'extra' AND line.service = part.service
          AND line.starts_on = part.starts_on) AS before
  JOIN plans_planversion AS version
    ON version.operator_id = %(operator)s AND version.id = part.version_id
  JOIN plans_plan AS plan
    ON plan.operator_id = version.operator_id AND plan.id = version.plan_id
  JOIN draft_due AS due ON due.subscription_id = part.subscription_id
 WHERE owed.amount_minor <> before.billed_minor
    OR (part.offer = 'not_offered' AND NOT part.late
        AND part.used_by_its_end > part.used_before)
