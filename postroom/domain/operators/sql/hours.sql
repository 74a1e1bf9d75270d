-- Hours are a span for a day of the week: when it opens, and when it closes after that.
ALTER TABLE operators_location
    ADD CONSTRAINT location_hours_are_of_known_days CHECK (
        jsonb_typeof(hours) = 'object'
        AND hours - ARRAY['mo', 'tu', 'we', 'th', 'fr', 'sa', 'su'] = '{}'),
    ADD CONSTRAINT location_opens_before_it_closes CHECK (
        NOT jsonb_path_exists(
            hours, 'strict $.* ? (!(@[0] < @[1]) || (@[0] < @[1]) is unknown)'));
