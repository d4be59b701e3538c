-- What was or is to be paid for an organization's credit, by card. Money in nano-USD.
-- state: begun (the provider may not know of it), open, paid or failed. due_millis: when to ask the provider; 0 = never.
CREATE TABLE topup (
  organization_id TEXT NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  nano BIGINT NOT NULL,
  url TEXT NOT NULL,
  session_id TEXT NOT NULL,
  intent_id TEXT NOT NULL,
  refunded_nano BIGINT NOT NULL,
  disputed_nano BIGINT NOT NULL,
  problem TEXT NOT NULL,
  due_millis BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  created_millis BIGINT NOT NULL,
  PRIMARY KEY (organization_id, id)
);
CREATE UNIQUE INDEX topup_by_id ON topup (id);
CREATE INDEX topup_due ON topup (due_millis) WHERE due_millis > 0;
-- Two triggers charge a card once.
CREATE UNIQUE INDEX topup_one_auto ON topup (organization_id) WHERE kind = 'auto' AND state IN ('begun', 'open');

-- What the payment provider sent, once each; done when its payment was looked at. body is not kept: the provider is asked.
CREATE TABLE payment_event (
  id TEXT NOT NULL PRIMARY KEY,
  type TEXT NOT NULL,
  reference TEXT NOT NULL,
  state TEXT NOT NULL,
  attempts BIGINT NOT NULL,
  due_millis BIGINT NOT NULL,
  received_millis BIGINT NOT NULL
);
CREATE INDEX payment_event_due ON payment_event (due_millis) WHERE state = 'received';

-- Who pays, as the provider knows it, and when it is charged by itself. below_nano = 0: never.
CREATE TABLE auto_topup (
  organization_id TEXT NOT NULL PRIMARY KEY,
  customer TEXT NOT NULL,
  method TEXT NOT NULL,
  below_nano BIGINT NOT NULL,
  to_nano BIGINT NOT NULL,
  month_nano_max BIGINT NOT NULL,
  paused TEXT NOT NULL,
  failures BIGINT NOT NULL,
  due_millis BIGINT NOT NULL,
  version BIGINT NOT NULL
);
