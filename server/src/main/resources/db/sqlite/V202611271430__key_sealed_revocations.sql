-- Keys revoked while the gate was sealed: their entries in the audit chain are owed.
CREATE TABLE key_sealed_revocation (
  key_id TEXT NOT NULL PRIMARY KEY,
  organization_id TEXT NOT NULL,
  project_id TEXT NOT NULL,
  at_millis BIGINT NOT NULL,
  address TEXT NOT NULL,
  request_id TEXT NOT NULL
);
