-- What people should look at among the drafts of a page: extras and charges of three times the
-- rate and more, and services that were used though the plan does not offer them.
SELECT odd.finding, odd.subscription_id, odd.minor, odd.rate_minor, odd.service, odd.used
  FROM (SELECT 'much_higher' AS finding, line.subscription_id,
               sum(line.amount_minor) FILTER (WHERE line.kind IN ('extra', 'charge'))::bigint
               AS minor,
               sum(line.amount_minor) FILTER (WHERE line.kind = 'rate')::bigint AS rate_minor,
               '' AS service, NULL::bigint AS used
          FROM draft_line AS line
         GROUP BY line.subscription_id
        HAVING sum(line.amount_minor) FILTER (WHERE line.kind IN ('extra', 'charge'))
               >= 3 * sum(line.amount_minor) FILTER (WHERE line.kind = 'rate')
         UNION ALL
        SELECT 'not_offered', line.subscription_id, NULL, NULL, line.service, line.used
          FROM draft_line AS line
         WHERE line.kind = 'extra' AND line.amount_minor = 0 AND line.revision = 0) AS odd
 ORDER BY odd.finding, odd.minor DESC NULLS LAST
 LIMIT 100
