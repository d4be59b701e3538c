-- How much a wallet had after it was last given credit, and the lowest share of it that was told (per cent).
CREATE TABLE wallet_level (
  organization_id TEXT NOT NULL PRIMARY KEY,
  base_nano BIGINT NOT NULL,
  told_percent BIGINT NOT NULL
);
INSERT INTO wallet_level (organization_id, base_nano, told_percent)
SELECT organization_id, room + held, 100 FROM purse WHERE kind = 'wallet';

-- What organizations owe: few, and read at each start.
CREATE INDEX account_debts ON account (id) WHERE kind = 'debt' AND balance < 0;
