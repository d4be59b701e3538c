-- What a call is counted in beside tokens: audio (milliseconds), images, characters, bytes.
ALTER TABLE usage_attempt ADD COLUMN unit TEXT NOT NULL DEFAULT 'tokens';
ALTER TABLE usage_attempt ADD COLUMN quantity BIGINT NOT NULL DEFAULT 0;

ALTER TABLE usage_hour ADD COLUMN audio_millis BIGINT NOT NULL DEFAULT 0;
ALTER TABLE usage_hour ADD COLUMN images BIGINT NOT NULL DEFAULT 0;
ALTER TABLE usage_hour ADD COLUMN characters BIGINT NOT NULL DEFAULT 0;
ALTER TABLE usage_hour ADD COLUMN bytes BIGINT NOT NULL DEFAULT 0;
