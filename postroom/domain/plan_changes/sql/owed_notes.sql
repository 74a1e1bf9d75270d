-- The next customers who are owed a correction or a message, with their subscriptions to the plan:
-- of a correction, those who were told of what does not come and do not have it.
WITH owed AS MATERIALIZED (
    SELECT subscription.id, subscription.customer_id, subscription.version_id, subscription.months,
           subscription.mailbox_id
      FROM subscriptions_subscription AS subscription
     WHERE subscription.operator_id = %(operator)s AND subscription.plan_id = %(plan)s
       AND (subscription.closes_on IS NULL OR subscription.closes_on >= %(on)s)
       AND (%(version)s::bigint IS NULL
            OR (subscription.version_id <> %(version)s::bigint
                AND EXISTS (SELECT
                              FROM notices_notice AS told
                              JOIN notices_announcement AS announcement
                                ON announcement.operator_id = told.operator_id
                               AND announcement.id = told.announcement_id
                               AND announcement.version_id = %(version)s::bigint
                               AND announcement.subject IN ('change', 'move')
                               AND announcement.id < %(announcement)s
                              JOIN notices_envelope AS envelope
                                ON envelope.operator_id = told.operator_id
                               AND envelope.id = told.envelope_id
                               AND EXISTS (SELECT FROM notices_delivery AS delivery
                                            WHERE delivery.operator_id = envelope.operator_id
                                              AND delivery.envelope_id = envelope.id
                                              AND delivery.kind IN ('accepted', 'posted', 'told'))
                             WHERE told.operator_id = subscription.operator_id
                               AND told.subscription_id = subscription.id)))
       AND NOT EXISTS (SELECT FROM notices_notice AS notice
                        WHERE notice.operator_id = subscription.operator_id
                          AND notice.subscription_id = subscription.id
                          AND notice.announcement_id = %(announcement)s)
), page AS (
    SELECT DISTINCT owed.customer_id FROM owed ORDER BY owed.customer_id LIMIT %(page)s
)
SELECT owed.id AS subscription_id, owed.customer_id, owed.version_id AS held_id, owed.months,
       mailbox.number AS mailbox, location.name AS location
  FROM owed
  JOIN page ON page.customer_id = owed.customer_id
  JOIN customers_mailbox AS mailbox
    ON mailbox.operator_id = %(operator)s AND mailbox.id = owed.mailbox_id
  JOIN operators_location AS location
    ON location.operator_id = mailbox.operator_id AND location.id = mailbox.location_id
 ORDER BY owed.customer_id, owed.id
