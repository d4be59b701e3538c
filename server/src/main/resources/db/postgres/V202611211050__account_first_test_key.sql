-- When the first test key was made and shown; null until a start has come that far.
ALTER TABLE first_start ADD COLUMN test_key_millis BIGINT;
