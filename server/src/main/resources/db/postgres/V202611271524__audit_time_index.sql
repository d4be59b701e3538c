-- The numbers of the links of a time, without their rows.
DROP INDEX audit_entry_by_time;
CREATE INDEX audit_entry_by_time ON audit_entry (organization_id, at_millis, seq);
