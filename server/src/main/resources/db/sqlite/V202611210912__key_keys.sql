CREATE TABLE api_key (
  id TEXT NOT NULL PRIMARY KEY,
  organization_id TEXT NOT NULL,
  project_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  enabled BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  created_millis BIGINT NOT NULL,
  not_before_millis BIGINT NOT NULL,
  expires_millis BIGINT,
  revoked_millis BIGINT,
  last_used_millis BIGINT,
  rules TEXT NOT NULL
);
CREATE INDEX api_key_by_organization ON api_key (organization_id, created_millis, id);

-- One or two live secrets a key: the newest, and an older one until its grace ends.
CREATE TABLE key_secret (
  key_id TEXT NOT NULL REFERENCES api_key (id),
  ordinal BIGINT NOT NULL,
  organization_id TEXT NOT NULL,
  project_id TEXT NOT NULL,
  pepper_id TEXT NOT NULL,
  mac TEXT NOT NULL,
  created_millis BIGINT NOT NULL,
  grace_until_millis BIGINT,
  PRIMARY KEY (key_id, ordinal)
);

-- One row: what proves that a master key is the one the rest was made with.
CREATE TABLE master_key_check (
  id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
  proof TEXT NOT NULL,
  at_millis BIGINT NOT NULL
);
