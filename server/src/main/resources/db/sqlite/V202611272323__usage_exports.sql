-- Lists of calls that somebody may fetch for a day: what was asked for, not the rows.
CREATE TABLE usage_export (
  organization_id TEXT NOT NULL,
  id TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_millis BIGINT NOT NULL,
  format TEXT NOT NULL,
  asked TEXT NOT NULL,
  PRIMARY KEY (organization_id, id)
);
CREATE INDEX usage_export_made ON usage_export (created_millis);
