-- Every price there ever was: a row of usage names the one it was priced by.
CREATE TABLE price_version (
  id TEXT NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  origin TEXT NOT NULL,
  model TEXT NOT NULL,
  form TEXT NOT NULL,
  created_millis BIGINT NOT NULL,
  created_by TEXT NOT NULL
);
CREATE INDEX price_version_model ON price_version (model, version);
