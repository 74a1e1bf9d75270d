-- Voids what an announcement's notices have cleared.
INSERT INTO subscriptions_clearancevoid (operator_id, clearance_id, reason, by_id, at)
SELECT notice.operator_id, brought.clearance_id, %(reason)s, %(by)s, %(at)s
  FROM notices_notice AS notice
  JOIN notices_noticeclearance AS brought
    ON brought.operator_id = notice.operator_id AND brought.notice_id = notice.id
 WHERE notice.operator_id = %(operator)s AND notice.announcement_id = %(announcement)s
    ON CONFLICT (operator_id, clearance_id) DO NOTHING
