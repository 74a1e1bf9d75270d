-- Asks for a plan as a visitor of the signup page does, once for each of these people.
SELECT published.leave_lead(plan.operator_id, plan.id, plan.version_id, NULL, plan.channel,
                            asking.name, asking.email, asking.phone, asking.message,
                            gen_random_uuid(), asking.at)
  FROM jsonb_to_recordset(%(asking)s::jsonb)
       AS asking (plan text, name text, email text, phone text, message text, at timestamptz)
  JOIN published.plans AS plan
    ON plan.operator_id = %(operator)s AND plan.channel = 'signup' AND plan.name = asking.plan
