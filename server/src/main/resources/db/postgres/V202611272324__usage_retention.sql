-- For how many days rows of single calls are kept; an organization without a row keeps them for good.
CREATE TABLE usage_retention (
  organization_id TEXT NOT NULL PRIMARY KEY,
  days BIGINT NOT NULL,
  changed_millis BIGINT NOT NULL
);
