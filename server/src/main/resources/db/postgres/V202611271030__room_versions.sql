-- version counts the changes of what a caller set; busy_millis is how long one call has the room for itself (wall clock), 0 = nobody has.
ALTER TABLE room ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE room ADD COLUMN busy_millis BIGINT NOT NULL DEFAULT 0;
