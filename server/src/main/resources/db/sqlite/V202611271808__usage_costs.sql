-- What an attempt came to, in nano-USD: by the list price (NULL: nothing priced it, or unpriced says that no price is
-- known), and what its organization's wallet paid of it.
ALTER TABLE usage_attempt ADD COLUMN cost_nano BIGINT;
ALTER TABLE usage_attempt ADD COLUMN billed_nano BIGINT NOT NULL DEFAULT 0;
ALTER TABLE usage_attempt ADD COLUMN unpriced BIGINT NOT NULL DEFAULT 0;
ALTER TABLE usage_attempt ADD COLUMN price_version TEXT NOT NULL DEFAULT '';
ALTER TABLE usage_attempt ADD COLUMN cost_source TEXT NOT NULL DEFAULT '';
-- meters: name=count, joined by commas. tags: each between two line ends.
ALTER TABLE usage_attempt ADD COLUMN meters TEXT NOT NULL DEFAULT '';
ALTER TABLE usage_attempt ADD COLUMN service TEXT NOT NULL DEFAULT '';
ALTER TABLE usage_attempt ADD COLUMN site TEXT NOT NULL DEFAULT '';
ALTER TABLE usage_attempt ADD COLUMN tags TEXT NOT NULL DEFAULT '';
ALTER TABLE usage_attempt ADD COLUMN member_id TEXT NOT NULL DEFAULT '';
ALTER TABLE usage_attempt ADD COLUMN upstream_request_id TEXT NOT NULL DEFAULT '';
