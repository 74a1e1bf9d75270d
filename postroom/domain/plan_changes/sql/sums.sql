-- What the lines of a sheet come to.
WITH line AS MATERIALIZED (
    SELECT it.*, it.first_day IS NOT NULL AS reached
      FROM plan_changes_sheetrow AS it
     WHERE it.operator_id = %(operator)s AND it.sheet_id = %(sheet)s
), spread AS (
    SELECT min(line.month_change_minor) AS least, max(line.month_change_minor) AS most,
           percentile_disc(0.5) WITHIN GROUP (ORDER BY line.month_change_minor) AS median,
           sum(line.month_change_minor) AS total, count(*) AS reached,
           count(*) FILTER (WHERE line.worse) AS worse,
           count(*) FILTER (WHERE line.month_change_minor > 0) AS dearer,
           count(*) FILTER (WHERE line.month_change_minor < 0) AS cheaper,
           count(*) FILTER (WHERE line.above > 0) AS above,
           min(line.first_day) AS first_day, max(line.first_day) AS last_day,
           min(line.notice_on) AS first_notice_on, max(line.notice_on) AS last_notice_on
      FROM line
     WHERE line.reached
), bar AS (
    SELECT CASE WHEN spread.most = spread.least THEN 0
                ELSE width_bucket(line.month_change_minor, spread.least, spread.most + 1,
                                  %(bars)s) - 1 END AS number,
           min(line.month_change_minor) AS least, max(line.month_change_minor) AS most,
           count(*) AS customers
      FROM line CROSS JOIN spread
     WHERE line.reached
     GROUP BY 1
)
SELECT to_jsonb(spread) || jsonb_build_object(
           'customers', (SELECT count(*) FROM line),
           'outcomes', coalesce((SELECT jsonb_object_agg(counted.outcome, counted.customers)
                                   FROM (SELECT line.outcome, count(*) AS customers
                                           FROM line GROUP BY line.outcome) AS counted), '{}'),
           'places', coalesce((SELECT jsonb_agg(counted ORDER BY counted.place)
                                 FROM (SELECT line.place, count(*) AS customers,
                                              min(line.first_day) AS first_day
                                         FROM line WHERE line.reached AND line.worse
                                        GROUP BY line.place) AS counted), '[]'),
           'bars', coalesce((SELECT jsonb_agg(bar ORDER BY bar.number) FROM bar), '[]')) AS sums
  FROM spread
