-- Keys of one state are listed without reading those of the others, however many there are.
CREATE INDEX api_key_live ON api_key (organization_id, created_millis, id, expires_millis, not_before_millis)
  WHERE revoked_millis IS NULL AND enabled = 1;
CREATE INDEX api_key_disabled ON api_key (organization_id, created_millis, id) WHERE revoked_millis IS NULL AND enabled = 0;
CREATE INDEX api_key_revoked ON api_key (organization_id, created_millis, id) WHERE revoked_millis IS NOT NULL;
CREATE INDEX api_key_by_project ON api_key (organization_id, project_id, created_millis, id);

-- Whether there is any, each start asks.
CREATE INDEX api_key_imported ON api_key (id) WHERE origin = 'imported';

-- Few secrets are in their grace at a time.
CREATE INDEX key_secret_in_grace ON key_secret (organization_id, grace_until_millis, key_id) WHERE grace_until_millis IS NOT NULL;
