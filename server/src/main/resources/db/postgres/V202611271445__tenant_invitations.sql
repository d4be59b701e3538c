-- token_mac: SHA-256 of the token (256 random bits), which is in the link alone. projects: ids with spaces between.
-- state: open, accepted, withdrawn, or void because who invited may not invite so far any more. invited_by: per_…, key_… or local.
-- person_id: who accepted it.
CREATE TABLE invitation (
  id TEXT NOT NULL PRIMARY KEY,
  organization_id TEXT NOT NULL REFERENCES organization (id),
  email TEXT NOT NULL,
  email_key TEXT NOT NULL,
  role TEXT NOT NULL,
  projects TEXT NOT NULL,
  token_mac TEXT NOT NULL,
  state TEXT NOT NULL,
  invited_by TEXT NOT NULL,
  version BIGINT NOT NULL,
  created_millis BIGINT NOT NULL,
  expires_millis BIGINT NOT NULL,
  person_id TEXT
);
CREATE UNIQUE INDEX invitation_by_token ON invitation (token_mac);
CREATE UNIQUE INDEX invitation_open ON invitation (organization_id, email_key) WHERE state = 'open';
CREATE INDEX invitation_by_organization ON invitation (organization_id, state, id);
CREATE INDEX invitation_by_email ON invitation (email_key) WHERE state = 'open';
