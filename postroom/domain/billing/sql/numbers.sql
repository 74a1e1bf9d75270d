-- Takes so many numbers in the operator's one series; a page that is rolled back gives them back.
INSERT INTO billing_numberseries AS series (operator_id, last_number)
VALUES (%(operator)s, %(wanted)s)
    ON CONFLICT (operator_id) DO UPDATE SET last_number = series.last_number + excluded.last_number
RETURNING last_number
