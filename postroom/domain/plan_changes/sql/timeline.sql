-- What a change did to its customers, summed by day: what became of its notices, what they
-- answered, and whose terms opened under it, those who came to it new left out.
WITH told AS (
    SELECT envelope.id
      FROM notices_envelope AS envelope
     WHERE envelope.operator_id = %(operator)s AND envelope.announcement_id = %(announcement)s
), opened AS (
    SELECT DISTINCT ON (term.subscription_id) term.subscription_id, term.starts_on, term.basis
      FROM subscriptions_term AS term
     WHERE term.operator_id = %(operator)s AND term.version_id = %(version)s
     ORDER BY term.subscription_id, term.seq
), happened AS (
    SELECT delivery.on, delivery.kind AS what
      FROM notices_delivery AS delivery
      JOIN told ON told.id = delivery.envelope_id
     WHERE delivery.operator_id = %(operator)s
     UNION ALL
    SELECT (answer.at AT TIME ZONE %(zone)s)::date, 'answer_' || answer.kind
      FROM notices_answer AS answer
      JOIN notices_notice AS notice
        ON notice.operator_id = answer.operator_id AND notice.id = answer.notice_id
     WHERE answer.operator_id = %(operator)s AND notice.announcement_id = %(announcement)s
     UNION ALL
    SELECT opened.starts_on, 'in_force'
      FROM opened
     WHERE opened.basis IN ('renewed', 'on_date', 'moved')
)
SELECT happened.on, happened.what, count(*) AS customers
  FROM happened
 GROUP BY happened.on, happened.what
 ORDER BY happened.on DESC, happened.what
