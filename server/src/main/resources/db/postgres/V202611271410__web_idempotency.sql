-- Creates that were sent with an Idempotency-Key, for 24 hours. organization_id: '' where the route is about none.
-- status: 0 = the answer is not known: it runs, or its process ended; the audit entry of request_id then tells.
-- answer: JSON without secrets.
CREATE TABLE idempotency (
  organization_id TEXT NOT NULL,
  actor TEXT NOT NULL,
  route TEXT NOT NULL,
  idempotency_key TEXT NOT NULL,
  body_hash TEXT NOT NULL,
  request_id TEXT NOT NULL,
  at_millis BIGINT NOT NULL,
  status BIGINT NOT NULL,
  answer TEXT,
  PRIMARY KEY (organization_id, actor, route, idempotency_key)
);
CREATE INDEX idempotency_by_time ON idempotency (at_millis);
CREATE INDEX audit_entry_by_request ON audit_entry (request_id);
