-- Work promised by a transaction and done behind it. organization_id: '' = the platform's.
-- state: queued, taken, done, dropped, failed; ended_millis stands with the last three. due_millis: the next attempt, or
-- the end of a claim. payload: JSON without a secret.
CREATE TABLE job (
  id TEXT NOT NULL PRIMARY KEY,
  organization_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  payload TEXT NOT NULL,
  state TEXT NOT NULL,
  worker TEXT NOT NULL,
  attempts BIGINT NOT NULL,
  due_millis BIGINT NOT NULL,
  expires_millis BIGINT NOT NULL,
  created_millis BIGINT NOT NULL,
  ended_millis BIGINT,
  problem TEXT NOT NULL
);
CREATE INDEX job_open ON job (due_millis) WHERE ended_millis IS NULL;
CREATE INDEX job_open_of ON job (organization_id) WHERE ended_millis IS NULL;
CREATE INDEX job_ended ON job (ended_millis) WHERE ended_millis IS NOT NULL;
CREATE INDEX job_failed ON job (organization_id, ended_millis) WHERE state = 'failed';
