-- Plans on a channel with the terms on sale, in one statement: one instant, whatever the isolation.
SELECT plan.id, plan.link, plan.name, plan.description, plan.version_id, plan.number,
       plan.setup_fee_minor, plan.deposit_minor,
       (SELECT coalesce(json_object_agg(rate.months, rate.amount_minor), '{}')
          FROM published.rates AS rate
         WHERE rate.operator_id = plan.operator_id AND rate.version_id = plan.version_id
       ) AS rates,
       (SELECT coalesce(json_object_agg(allowance.service, json_build_object(
                   'offer', allowance.offer, 'limit', allowance."limit",
                   'extra_count', allowance.extra_count,
                   'extra_fee_minor', allowance.extra_fee_minor)), '{}')
          FROM published.allowances AS allowance
         WHERE allowance.operator_id = plan.operator_id
           AND allowance.version_id = plan.version_id
       ) AS allowances,
       (SELECT coalesce(json_object_agg(fee.mail_type, json_build_object(
                   'free_days', fee.free_days, 'fee_minor', fee.fee_minor, 'per', fee.per,
                   'cap_minor', fee.cap_minor)), '{}')
          FROM published.storage_fees AS fee
         WHERE fee.operator_id = plan.operator_id AND fee.version_id = plan.version_id
       ) AS storage
  FROM published.plans AS plan
 WHERE plan.operator_id = %(operator)s AND plan.channel = %(channel)s
   AND (%(link)s::text IS NULL OR plan.link = %(link)s)
   AND (%(location)s::bigint IS NULL
        OR EXISTS (SELECT FROM published.plan_locations AS place
                    WHERE place.operator_id = plan.operator_id AND place.channel = plan.channel
                      AND place.plan_id = plan.id AND place.location_id = %(location)s))
 ORDER BY lower(plan.name), plan.id
