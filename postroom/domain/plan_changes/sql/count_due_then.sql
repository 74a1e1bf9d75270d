-- The planner has to know how many there are, or it joins them row by row.
ANALYZE draft_due
