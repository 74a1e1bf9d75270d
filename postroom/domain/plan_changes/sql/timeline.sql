-- What a change did to its customers, counted by day: what became of its notices, what customers
-- answered, and for whom its terms came into force; who came to them otherwise is left out.
WITH told AS (
    SELECT envelope.id
      FROM notices_envelope AS envelope
     WHERE envelope.operator_id = %(operator)s AND envelope.announcement_id = %(announcement)s
), opened AS (
    SELECT DISTINCT ON (term.subscription_id) term.subscription_id, term.starts_on
      FROM subscriptions_term AS term
      LEFT JOIN subscriptions_switch AS switch
        ON switch.operator_id = term.operator_id AND switch.id = term.switch_id
     WHERE term.operator_id = %(operator)s AND term.version_id = %(version)s
       AND CASE WHEN %(is_move)s THEN term.basis = 'moved' AND switch.at = %(scheduled_at)s
                ELSE term.basis IN ('renewed', 'on_date')
                     AND NOT EXISTS (SELECT FROM subscriptions_term AS before
                                      WHERE before.operator_id = term.operator_id
                                        AND before.subscription_id = term.subscription_id
                                        AND before.seq = term.seq - 1
                                        AND before.version_id = term.version_id) END
     ORDER BY term.subscription_id, term.seq
), happened AS (
    SELECT delivery.on, delivery.kind AS what, told.id AS who
      FROM notices_delivery AS delivery
      JOIN told ON told.id = delivery.envelope_id
     WHERE delivery.operator_id = %(operator)s
     UNION ALL
    SELECT (answer.at AT TIME ZONE %(zone)s)::date, 'answer_' || answer.kind, notice.envelope_id
      FROM notices_answer AS answer
      JOIN notices_notice AS notice
        ON notice.operator_id = answer.operator_id AND notice.id = answer.notice_id
     WHERE answer.operator_id = %(operator)s AND notice.announcement_id = %(announcement)s
     UNION ALL
    SELECT opened.starts_on, 'in_force', subscription.customer_id
      FROM opened
      JOIN subscriptions_subscription AS subscription
        ON subscription.operator_id = %(operator)s AND subscription.id = opened.subscription_id
)
SELECT happened.on, happened.what, count(DISTINCT happened.who) AS customers
  FROM happened
 GROUP BY happened.on, happened.what
 ORDER BY happened.on DESC, happened.what
