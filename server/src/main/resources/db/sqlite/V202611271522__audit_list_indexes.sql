-- Entries of one action, without reading those of the others.
CREATE INDEX audit_entry_by_action ON audit_entry (organization_id, action, seq);
