-- data: the authenticator's public key and what it says of itself (base64url). rp_id: the name it was made for; it works
-- for no other. synced: 1 = it may be on several devices, whose counters nobody keeps in step. suspect: 1 = its counter fell.
CREATE TABLE passkey (
  id TEXT NOT NULL PRIMARY KEY,
  credential_id TEXT NOT NULL,
  person_id TEXT NOT NULL REFERENCES person (id),
  rp_id TEXT NOT NULL,
  name TEXT NOT NULL,
  data TEXT NOT NULL,
  counter BIGINT NOT NULL,
  synced BIGINT NOT NULL,
  suspect BIGINT NOT NULL,
  created_millis BIGINT NOT NULL,
  used_millis BIGINT
);
CREATE UNIQUE INDEX passkey_by_credential ON passkey (credential_id);
CREATE INDEX passkey_by_person ON passkey (person_id, id);

-- Challenges, each of one browser, answered once. purpose: register, sign-in or step-up. key_mac: of the challenge.
CREATE TABLE passkey_challenge (
  key_mac TEXT NOT NULL PRIMARY KEY,
  browser_mac TEXT NOT NULL,
  purpose TEXT NOT NULL,
  person_id TEXT,
  used_millis BIGINT,
  expires_millis BIGINT NOT NULL
);
CREATE INDEX passkey_challenge_by_expiry ON passkey_challenge (expires_millis);

-- Sessions whose person proved to be it by a passkey, and when last.
CREATE TABLE passkey_proof (
  session_id TEXT NOT NULL PRIMARY KEY,
  proved_millis BIGINT NOT NULL
);
CREATE INDEX passkey_proof_by_time ON passkey_proof (proved_millis);

-- Who may add a first passkey by a mailed code, though passkeys are required.
CREATE TABLE passkey_reset (
  person_id TEXT NOT NULL PRIMARY KEY,
  until_millis BIGINT NOT NULL
);
