-- In which zone an organization's days begin, and on which day its weeks; a line for each that ever held. Empty: UTC,
-- Monday.
ALTER TABLE organization ADD COLUMN calendars TEXT NOT NULL DEFAULT '';

-- What a key, a person, a project or an organization may spend in a window of time. Nano-USD.
CREATE TABLE budget (
  id TEXT NOT NULL PRIMARY KEY,
  organization_id TEXT NOT NULL,
  -- Where a key or a project is; empty: of the whole organization.
  project_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  nano BIGINT NOT NULL,
  per TEXT NOT NULL,
  hard BIGINT NOT NULL,
  alerts TEXT NOT NULL,
  version BIGINT NOT NULL,
  created_millis BIGINT NOT NULL,
  -- 0 = it is there. A removed one stays for a while, for calls that were opened under it.
  deleted_millis BIGINT NOT NULL
);

CREATE INDEX budget_live ON budget (organization_id, id) WHERE deleted_millis = 0;

-- What calls under a soft budget have cost, by window. A hard one is counted by its purse.
CREATE TABLE budget_count (
  budget_id TEXT NOT NULL,
  start_millis BIGINT NOT NULL,
  organization_id TEXT NOT NULL,
  nano BIGINT NOT NULL,
  PRIMARY KEY (budget_id, start_millis)
);

-- That a window has come to so much of its budget; told once.
CREATE TABLE budget_alert (
  budget_id TEXT NOT NULL,
  start_millis BIGINT NOT NULL,
  percent BIGINT NOT NULL,
  organization_id TEXT NOT NULL,
  spent BIGINT NOT NULL,
  nano BIGINT NOT NULL,
  at_millis BIGINT NOT NULL,
  told_millis BIGINT NOT NULL,
  PRIMARY KEY (budget_id, start_millis, percent)
);

CREATE INDEX budget_alert_open ON budget_alert (at_millis) WHERE told_millis = 0;
