-- One-time tickets: each stands for a key once, for at most a minute. The row goes when it is used.
CREATE TABLE key_ticket (
  mac TEXT NOT NULL PRIMARY KEY,
  organization_id TEXT NOT NULL,
  project_id TEXT NOT NULL,
  key_id TEXT NOT NULL,
  service TEXT,
  created_millis BIGINT NOT NULL,
  expires_millis BIGINT NOT NULL
);
CREATE INDEX key_ticket_by_key ON key_ticket (key_id, expires_millis);
CREATE INDEX key_ticket_by_expiry ON key_ticket (expires_millis);
