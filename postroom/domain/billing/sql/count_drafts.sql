-- How many subscriptions of the page have something to be billed.
SELECT count(DISTINCT line.subscription_id) AS count
  FROM draft_line AS line
 WHERE line.kind <> 'extra' OR line.amount_minor <> 0
