-- Calls that came with an Idempotency-Key, for 24 hours. name: of the endpoint and the caller's key, hashed.
-- receipt: JSON of what the call came to; NULL = it runs in the process named by instance, or ended with it.
CREATE TABLE llm_once (
  organization_id TEXT NOT NULL,
  key_id TEXT NOT NULL,
  name TEXT NOT NULL,
  body_hash TEXT NOT NULL,
  request_id TEXT NOT NULL,
  instance TEXT NOT NULL,
  at_millis BIGINT NOT NULL,
  receipt TEXT,
  PRIMARY KEY (organization_id, key_id, name)
);
CREATE INDEX llm_once_by_time ON llm_once (at_millis);
