-- Who is told today, of those that a change was worked out for: whose day to be told has come, who
-- has not been told for that first day, and to whom no later change comes on it or before.
WITH place AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(%(places)s) AS it (place integer, lawful_from date)
)
SELECT who.subscription_id, who.customer_id, who.held_id, who.months, who.worse, who.first_day,
       who.closes_notice_on AS closes_on, mailbox.number AS mailbox, location.name AS location
  FROM change_row AS who
  JOIN place ON place.place = who.place
  JOIN subscriptions_subscription AS subscription
    ON subscription.operator_id = %(operator)s AND subscription.id = who.subscription_id
  JOIN customers_mailbox AS mailbox
    ON mailbox.operator_id = subscription.operator_id AND mailbox.id = subscription.mailbox_id
  JOIN operators_location AS location
    ON location.operator_id = mailbox.operator_id AND location.id = mailbox.location_id
 WHERE who.notice_on <= %(on)s AND who.told_on IS NULL
   AND NOT EXISTS (SELECT FROM notices_notice AS notice
                    WHERE notice.operator_id = %(operator)s
                      AND notice.subscription_id = who.subscription_id
                      AND notice.announcement_id = %(announcement)s
                      AND notice.first_day = who.first_day)
   AND NOT EXISTS (
       SELECT FROM plans_planversion AS later
         JOIN plans_comparison AS comparison
           ON comparison.operator_id = later.operator_id AND comparison.held_id = who.held_id
          AND comparison.other_id = later.id AND comparison.months = who.months
         JOIN plans_rate AS rate
           ON rate.operator_id = later.operator_id AND rate.version_id = later.id
          AND rate.months = who.months
        WHERE later.operator_id = %(operator)s AND later.plan_id = %(plan)s
          AND later.number > %(number)s::integer AND later.existing_from <= who.first_day
          AND (NOT comparison.worse OR place.lawful_from <= who.first_day)
          AND (NOT later.for_chosen
               OR EXISTS (SELECT FROM subscriptions_chosen AS chosen
                           WHERE chosen.operator_id = later.operator_id
                             AND chosen.subscription_id = who.subscription_id
                             AND chosen.version_id = later.id))
          AND NOT EXISTS (SELECT FROM plans_withdrawal AS withdrawal
                           WHERE withdrawal.operator_id = later.operator_id
                             AND withdrawal.version_id = later.id))
 ORDER BY who.customer_id, who.subscription_id
