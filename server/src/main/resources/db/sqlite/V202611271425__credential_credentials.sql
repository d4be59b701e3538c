-- A provider's credential, stored for an organization or one of its projects.
-- project_id: empty = the organization's, for every project.
-- kind: provider, service or room. origin: where alone it may be sent, scheme://host:port; several with a
-- space between. sealed: bound to origin, organization, project and id. shelf: whose rooms it finds, kept when
-- the secret is replaced. secret_millis: when the secret was last set.
CREATE TABLE credential (
  organization_id TEXT NOT NULL,
  id TEXT NOT NULL,
  project_id TEXT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  provider TEXT NOT NULL,
  origin TEXT NOT NULL,
  sealed TEXT NOT NULL,
  last4 TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  shelf TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_millis BIGINT NOT NULL,
  secret_millis BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (organization_id, id)
);
CREATE UNIQUE INDEX credential_place ON credential (organization_id, project_id, kind, provider);
