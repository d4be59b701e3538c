-- Where an entry comes from. form: which fields its hash covers; 1 = those before these columns.
ALTER TABLE audit_entry ADD COLUMN form BIGINT NOT NULL DEFAULT 1;
ALTER TABLE audit_entry ADD COLUMN actor_kind TEXT NOT NULL DEFAULT '';
ALTER TABLE audit_entry ADD COLUMN address TEXT NOT NULL DEFAULT '';
ALTER TABLE audit_entry ADD COLUMN request_id TEXT NOT NULL DEFAULT '';
CREATE INDEX audit_entry_by_subject ON audit_entry (organization_id, subject, seq);
CREATE INDEX audit_entry_by_actor ON audit_entry (organization_id, actor, seq);
CREATE INDEX audit_entry_by_time ON audit_entry (organization_id, at_millis);
