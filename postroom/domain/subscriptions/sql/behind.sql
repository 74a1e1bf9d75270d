-- The versions that another one, timed on its date and in force by a day, follows.
SELECT DISTINCT held.id
  FROM plans_planversion AS later
  JOIN plans_planversion AS held
    ON held.operator_id = later.operator_id AND held.plan_id = later.plan_id
   AND held.number < later.number
 WHERE later.operator_id = %(operator)s
   AND later.timing = 'on_date' AND later.existing_from <= %(on)s
   AND NOT EXISTS (SELECT FROM plans_withdrawal AS withdrawal
                    WHERE withdrawal.operator_id = later.operator_id
                      AND withdrawal.version_id = later.id)
