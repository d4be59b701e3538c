-- The console where a pairing is to be approved: one that was begun at a site is of no use at another.
ALTER TABLE pairing ADD COLUMN site TEXT NOT NULL DEFAULT '';
