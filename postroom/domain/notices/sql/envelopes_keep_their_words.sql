-- An envelope moves on, but what it says, to whom and of what is evidence.
CREATE TRIGGER words_of_an_envelope_never_change
    BEFORE UPDATE OF operator_id, id, announcement_id, customer_id, about_id, first_day, title, text,
                     html, written_at
           OR DELETE OR TRUNCATE ON notices_envelope
    FOR EACH STATEMENT EXECUTE FUNCTION refuse('words_of_an_envelope_never_change');
