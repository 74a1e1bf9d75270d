-- A location with its plans and their terms, from the tables themselves.
SELECT location.*, plan.name, plan.link, version.number,
       (SELECT json_object_agg(rate.months, rate.amount_minor) FROM plans_rate AS rate
         WHERE rate.operator_id = version.operator_id AND rate.version_id = version.id),
       (SELECT json_agg(allowance) FROM plans_serviceallowance AS allowance
         WHERE allowance.operator_id = version.operator_id AND allowance.version_id = version.id),
       (SELECT json_agg(fee) FROM plans_storagefee AS fee
         WHERE fee.operator_id = version.operator_id AND fee.version_id = version.id)
  FROM operators_operator AS operator
  JOIN operators_location AS location ON location.operator_id = operator.id
  JOIN plans_plan AS plan ON plan.operator_id = operator.id AND plan.lead_gen
  JOIN plans_planversion AS version
    ON version.operator_id = plan.operator_id AND version.plan_id = plan.id
 WHERE operator.slug = %(operator)s AND location.slug = %(location)s
   AND (EXISTS (SELECT FROM plans_planlocation AS ticked
                 WHERE ticked.operator_id = plan.operator_id AND ticked.plan_id = plan.id
                   AND ticked.location_id = location.id)
        OR NOT EXISTS (SELECT FROM plans_planlocation AS ticked
                        WHERE ticked.operator_id = plan.operator_id AND ticked.plan_id = plan.id))
