-- Where an organization is told what happens.
-- events: one a line; a family such as `key`, or one kind such as `key.revoke`.
-- secret, old_secret: sealed, bound to organization and id; the old one still signs until old_until_millis.
-- state: enabled, disabled (by somebody) or failing (by the gate); failing_since_millis: 0 = the last try went well.
CREATE TABLE webhook (
  organization_id TEXT NOT NULL,
  id TEXT NOT NULL,
  url TEXT NOT NULL,
  note TEXT NOT NULL,
  events TEXT NOT NULL,
  secret TEXT NOT NULL,
  old_secret TEXT NOT NULL,
  old_until_millis BIGINT NOT NULL,
  state TEXT NOT NULL,
  failing_since_millis BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  created_millis BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (organization_id, id)
);

-- What happened, as it is sent; written in the transaction in which it happened, where somebody wants to know.
CREATE TABLE webhook_event (
  organization_id TEXT NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  object_id TEXT NOT NULL,
  body TEXT NOT NULL,
  at_millis BIGINT NOT NULL,
  PRIMARY KEY (organization_id, id)
);
CREATE INDEX webhook_event_by_time ON webhook_event (at_millis);

-- An event on its way to one webhook. Open until ended_millis is set; due_millis: its next try, or the end of the
-- claim of the worker that is at it. status: of the last answer, 0 = there was none.
CREATE TABLE webhook_delivery (
  organization_id TEXT NOT NULL,
  id TEXT NOT NULL,
  webhook_id TEXT NOT NULL,
  event_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  object_id TEXT NOT NULL,
  state TEXT NOT NULL,
  worker TEXT NOT NULL,
  attempts BIGINT NOT NULL,
  due_millis BIGINT NOT NULL,
  until_millis BIGINT NOT NULL,
  status BIGINT NOT NULL,
  problem TEXT NOT NULL,
  created_millis BIGINT NOT NULL,
  ended_millis BIGINT,
  PRIMARY KEY (organization_id, id)
);
CREATE INDEX webhook_delivery_due ON webhook_delivery (due_millis, id) WHERE ended_millis IS NULL;
CREATE INDEX webhook_delivery_open ON webhook_delivery (organization_id, webhook_id) WHERE ended_millis IS NULL;
CREATE INDEX webhook_delivery_of ON webhook_delivery (organization_id, webhook_id, id);
CREATE INDEX webhook_delivery_event ON webhook_delivery (organization_id, event_id);
CREATE INDEX webhook_delivery_ended ON webhook_delivery (ended_millis) WHERE ended_millis IS NOT NULL;
