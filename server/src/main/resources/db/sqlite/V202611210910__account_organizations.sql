CREATE TABLE organization (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  created_millis BIGINT NOT NULL
);

CREATE TABLE project (
  id TEXT NOT NULL PRIMARY KEY,
  organization_id TEXT NOT NULL REFERENCES organization (id),
  name TEXT NOT NULL,
  created_millis BIGINT NOT NULL
);
CREATE INDEX project_by_organization ON project (organization_id, created_millis);

-- One row, made by whichever process starts first: the platform owner's organization and project.
CREATE TABLE first_start (
  id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
  organization_id TEXT NOT NULL,
  project_id TEXT NOT NULL,
  at_millis BIGINT NOT NULL
);
