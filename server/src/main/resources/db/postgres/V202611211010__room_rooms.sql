-- Rooms the gate made. No credential stands here: fingerprint is an HMAC of it under a key derived from the master key.
CREATE TABLE room (
  id TEXT NOT NULL PRIMARY KEY,
  organization_id TEXT NOT NULL,
  project_id TEXT NOT NULL,
  provider TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  name TEXT NOT NULL,
  provider_room_id TEXT NOT NULL,
  url TEXT NOT NULL,
  status TEXT NOT NULL,
  profile TEXT NOT NULL,
  settings TEXT NOT NULL,
  capabilities TEXT NOT NULL,
  key_id TEXT NOT NULL,
  created_millis BIGINT NOT NULL,
  expires_millis BIGINT,
  eject BIGINT NOT NULL,
  reap_millis BIGINT,
  UNIQUE (organization_id, project_id, provider, fingerprint, name)
);
CREATE INDEX room_by_reap ON room (reap_millis) WHERE reap_millis IS NOT NULL;
CREATE INDEX room_by_age ON room (created_millis);
