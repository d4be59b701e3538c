-- A provider of models that an organization has defined for itself.
-- headers: sealed, bound to organization, id and base_url's origin; empty = none. header_names, models, endpoints:
-- one a line.
CREATE TABLE custom_provider (
  organization_id TEXT NOT NULL,
  id TEXT NOT NULL,
  dialect TEXT NOT NULL,
  base_url TEXT NOT NULL,
  headers TEXT NOT NULL,
  header_names TEXT NOT NULL,
  models TEXT NOT NULL,
  endpoints TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_millis BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (organization_id, id)
);

-- A name for models. targets: provider/model, one a line, in order of preference.
CREATE TABLE custom_model (
  organization_id TEXT NOT NULL,
  id TEXT NOT NULL,
  targets TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_millis BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (organization_id, id)
);
