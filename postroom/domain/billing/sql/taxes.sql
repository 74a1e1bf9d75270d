-- One line of tax for each percentage on what is taxable, spanning it and rounded once. Tax that
-- the rates include adds nothing: the invoice shows it.
INSERT INTO draft_line (subscription_id, kind, starts_on, ends_on, amount_minor, tax_percent)
SELECT line.subscription_id, 'tax', min(line.starts_on), max(line.ends_on),
       round_half_away(sum(line.amount_minor) * line.tax_percent, 100), line.tax_percent
  FROM draft_line AS line
 WHERE line.tax_percent > 0 AND NOT line.tax_included AND line.amount_minor <> 0
 GROUP BY line.subscription_id, line.tax_percent
HAVING round_half_away(sum(line.amount_minor) * line.tax_percent, 100) <> 0;
-- What follows writes the drafts: the planner has to know how many there are.
ANALYZE draft_line;
