-- What a key may do beyond its rules, whom it was given to, and where it comes from.
-- manages: JSON list of services whose manage paths it reaches. user_name: '' = nobody named.
-- origin: own (made here), imported (another gate's, known by its hash alone). weak: guessable.
ALTER TABLE api_key ADD COLUMN manages TEXT NOT NULL DEFAULT '[]';
ALTER TABLE api_key ADD COLUMN user_name TEXT NOT NULL DEFAULT '';
ALTER TABLE api_key ADD COLUMN origin TEXT NOT NULL DEFAULT 'own';
ALTER TABLE api_key ADD COLUMN weak BIGINT NOT NULL DEFAULT 0;

-- hmac-sha256 under pepper_id, or sha256 of a secret that came hashed.
ALTER TABLE key_secret ADD COLUMN algorithm TEXT NOT NULL DEFAULT 'hmac-sha256';
