-- What can run out: a wallet, or one window of one hard budget. Nano-USD.
-- A wallet: room + held + unposted = the balance of the account of the same id.
-- A window: room + held + unposted + posted = its limit.
CREATE TABLE purse (
  id TEXT NOT NULL PRIMARY KEY,
  organization_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  -- The end of the window; 0 = none.
  until_millis BIGINT NOT NULL,
  -- May be reserved now.
  room BIGINT NOT NULL,
  -- Reserved by open attempts.
  held BIGINT NOT NULL,
  -- Settled in the attempt log, not yet projected.
  unposted BIGINT NOT NULL,
  -- Settled and projected, ever.
  posted BIGINT NOT NULL,
  CHECK (kind <> 'wallet' OR room >= 0)
) WITHOUT ROWID;

-- Posted balances; all together they are 0 at every commit. The chain of an organization's transfers ends at its
-- wallet's row.
CREATE TABLE account (
  id TEXT NOT NULL PRIMARY KEY,
  organization_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  balance BIGINT NOT NULL,
  position BIGINT NOT NULL,
  head TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE transfer (
  organization_id TEXT NOT NULL,
  position BIGINT NOT NULL,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  debit TEXT NOT NULL,
  credit TEXT NOT NULL,
  amount BIGINT NOT NULL CHECK (amount > 0),
  -- What it is for, once.
  ref TEXT NOT NULL UNIQUE,
  note TEXT NOT NULL,
  actor TEXT NOT NULL,
  at_millis BIGINT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (organization_id, position)
) WITHOUT ROWID;

CREATE TRIGGER transfer_stays BEFORE UPDATE ON transfer
BEGIN
  SELECT RAISE(ABORT, 'a transfer is never changed');
END;

CREATE TRIGGER transfer_remains BEFORE DELETE ON transfer
BEGIN
  SELECT RAISE(ABORT, 'a transfer is never deleted');
END;

-- What a wallet was given, and how much of it is used up.
CREATE TABLE lot (
  id TEXT NOT NULL PRIMARY KEY,
  organization_id TEXT NOT NULL,
  wallet TEXT NOT NULL,
  kind TEXT NOT NULL,
  amount BIGINT NOT NULL,
  used BIGINT NOT NULL CHECK (used >= 0 AND used <= amount),
  -- 0 = never.
  expires_millis BIGINT NOT NULL,
  at_millis BIGINT NOT NULL,
  ref TEXT NOT NULL UNIQUE
) WITHOUT ROWID;

CREATE INDEX lot_open ON lot (wallet, expires_millis) WHERE used < amount;
