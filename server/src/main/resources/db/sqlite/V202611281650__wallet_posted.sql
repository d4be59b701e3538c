-- What transfers changed each wallet by, by kind and quarter of an hour, and by month of UTC: statements read a month, and
-- what came before, from few rows. Transfers up to a position of the organization's chain are in it, which never change
-- and never come late; those after it are read themselves.
CREATE TABLE wallet_posted (
  organization_id TEXT NOT NULL,
  step_minutes BIGINT NOT NULL,
  start_millis BIGINT NOT NULL,
  kind TEXT NOT NULL,
  nano BIGINT NOT NULL,
  PRIMARY KEY (organization_id, step_minutes, start_millis, kind)
) WITHOUT ROWID;

CREATE TABLE wallet_posted_mark (
  organization_id TEXT NOT NULL PRIMARY KEY,
  position BIGINT NOT NULL
) WITHOUT ROWID;
