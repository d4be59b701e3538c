-- Bought credit that is given back to who paid it, through the payment provider. Money in nano-USD.
-- state: begun (taken from the wallet; the provider may not know of it), done or failed (given back to the wallet).
-- due_millis: when to ask the provider again; 0 = never. paid_nano: what goes back to the card, its share of tax included.
CREATE TABLE topup_refund (
  organization_id TEXT NOT NULL,
  id TEXT NOT NULL,
  topup_id TEXT NOT NULL,
  intent_id TEXT NOT NULL,
  nano BIGINT NOT NULL,
  paid_nano BIGINT NOT NULL,
  state TEXT NOT NULL,
  provider_id TEXT NOT NULL,
  problem TEXT NOT NULL,
  due_millis BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  created_millis BIGINT NOT NULL,
  PRIMARY KEY (organization_id, id)
);
-- A purchase is given back once, by whichever replica.
CREATE UNIQUE INDEX topup_refund_once ON topup_refund (topup_id) WHERE state <> 'failed';
CREATE INDEX topup_refund_due ON topup_refund (due_millis) WHERE due_millis > 0;
