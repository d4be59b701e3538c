-- state: active, or deleting from deleted_millis on until it is purged.
-- platform_credentials: 1 = it may use the platform's own provider credentials.
ALTER TABLE organization ADD COLUMN state TEXT NOT NULL DEFAULT 'active';
ALTER TABLE organization ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE organization ADD COLUMN deleted_millis BIGINT;
ALTER TABLE organization ADD COLUMN platform_credentials BIGINT NOT NULL DEFAULT 0;
UPDATE organization SET platform_credentials = 1
WHERE id IN (SELECT organization_id FROM first_start);

-- mode: which rungs of the credential ladder are open: api-keys, credits or hybrid.
ALTER TABLE project ADD COLUMN mode TEXT NOT NULL DEFAULT 'hybrid';
ALTER TABLE project ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE project ADD COLUMN deleted_millis BIGINT;
CREATE UNIQUE INDEX project_by_tenant ON project (organization_id, id);

-- Who owns the platform; null = nobody has claimed it yet.
ALTER TABLE first_start ADD COLUMN owner_person_id TEXT;

-- email: as written by its owner; email_key: what makes two the same. operator: 1 = runs the platform.
-- state: active or disabled.
CREATE TABLE person (
  id TEXT NOT NULL PRIMARY KEY,
  email TEXT NOT NULL,
  email_key TEXT NOT NULL,
  handle TEXT NOT NULL,
  operator BIGINT NOT NULL,
  state TEXT NOT NULL,
  version BIGINT NOT NULL,
  created_millis BIGINT NOT NULL,
  deleted_millis BIGINT
);
CREATE UNIQUE INDEX person_by_email ON person (email_key) WHERE deleted_millis IS NULL;
CREATE UNIQUE INDEX person_by_handle ON person (handle);

-- source: who put it there: console, or an identity provider's id.
CREATE TABLE membership (
  organization_id TEXT NOT NULL REFERENCES organization (id),
  person_id TEXT NOT NULL REFERENCES person (id),
  role TEXT NOT NULL,
  source TEXT NOT NULL,
  version BIGINT NOT NULL,
  created_millis BIGINT NOT NULL,
  PRIMARY KEY (organization_id, person_id)
);
CREATE INDEX membership_by_person ON membership (person_id);

CREATE TABLE project_grant (
  organization_id TEXT NOT NULL,
  project_id TEXT NOT NULL,
  person_id TEXT NOT NULL,
  PRIMARY KEY (organization_id, person_id, project_id),
  FOREIGN KEY (organization_id, person_id) REFERENCES membership (organization_id, person_id) ON DELETE CASCADE,
  FOREIGN KEY (organization_id, project_id) REFERENCES project (organization_id, id)
);
