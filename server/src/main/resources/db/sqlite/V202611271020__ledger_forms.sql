-- The newest form of log rows a process reads, and the one it writes; NULL: older than this column,
-- form 2.
ALTER TABLE instance ADD COLUMN form_read BIGINT;
ALTER TABLE instance ADD COLUMN form_written BIGINT;
