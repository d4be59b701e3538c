-- Where each number comes from; '' on older rows: what source says of the row.
ALTER TABLE usage_attempt ADD COLUMN input_source TEXT NOT NULL DEFAULT '';
ALTER TABLE usage_attempt ADD COLUMN output_source TEXT NOT NULL DEFAULT '';
ALTER TABLE usage_attempt ADD COLUMN quantity_source TEXT NOT NULL DEFAULT '';
