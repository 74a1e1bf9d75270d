-- Those for whom a change ends in one way, whose outcomes are found in scratch.
SELECT subscription_id FROM change_row WHERE outcome = %(outcome)s
