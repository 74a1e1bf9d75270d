-- The next subscriptions, as many as have about so many terms between them: whole ones, at least
-- one. Whoever has been here for years makes a page shorter, not larger.
SELECT DISTINCT page.subscription_id AS id
  FROM (SELECT term.subscription_id
          FROM subscriptions_term AS term
         WHERE term.operator_id = %(operator)s AND term.subscription_id > %(after)s
         ORDER BY term.subscription_id, term.seq
         LIMIT %(size)s) AS page
 ORDER BY page.subscription_id
