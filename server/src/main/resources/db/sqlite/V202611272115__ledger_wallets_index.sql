-- The wallets alone, for who starts; nothing that calls change stands in it.
CREATE INDEX purse_wallets ON purse (id) WHERE kind = 'wallet';
