-- A process that records attempts. The row is its lease: whoever sets fenced ends its right to write.
CREATE TABLE instance (
  id TEXT NOT NULL PRIMARY KEY,
  beat BIGINT NOT NULL,
  fenced BIGINT NOT NULL,
  log_seq BIGINT NOT NULL,
  started_millis BIGINT NOT NULL,
  renewed_millis BIGINT NOT NULL
);

-- One row per group commit. The entries packed in it carry their tenants.
CREATE TABLE attempt_log (
  instance TEXT NOT NULL,
  seq BIGINT NOT NULL,
  payload TEXT NOT NULL,
  PRIMARY KEY (instance, seq)
);

-- How far each instance's log has been projected. Apart from instance, whose row each append locks.
CREATE TABLE attempt_projection (
  instance TEXT NOT NULL PRIMARY KEY,
  seq BIGINT NOT NULL
);
