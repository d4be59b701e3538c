-- The end of each organization's chain; its row is the lock that orders the entries.
CREATE TABLE audit_head (
  organization_id TEXT NOT NULL PRIMARY KEY,
  seq BIGINT NOT NULL,
  hash TEXT NOT NULL
);

CREATE TABLE audit_entry (
  organization_id TEXT NOT NULL,
  seq BIGINT NOT NULL,
  project_id TEXT NOT NULL,
  at_millis BIGINT NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  detail TEXT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (organization_id, seq)
);
