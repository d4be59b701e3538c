-- How much somebody's calls may take in a time, or at once.
-- subject: whose calls count together: key_…, per_…, prj_…, org_… or service:…
-- max_amount: in the kind's own unit; spend in nano-USD. per: empty for calls at once.
CREATE TABLE rate_limit (
  id TEXT NOT NULL PRIMARY KEY,
  organization_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  kind TEXT NOT NULL,
  max_amount BIGINT NOT NULL CHECK (max_amount > 0),
  per TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_millis BIGINT NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX rate_limit_by_organization ON rate_limit (organization_id, id);
CREATE UNIQUE INDEX rate_limit_of_a_kind ON rate_limit (organization_id, subject, kind, per);
