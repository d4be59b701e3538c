-- Whom an identity provider knows as whom here. Never by address: issuer and subject are what it answers for.
CREATE TABLE person_identity (
  issuer TEXT NOT NULL,
  subject TEXT NOT NULL,
  person_id TEXT NOT NULL REFERENCES person (id),
  provider TEXT NOT NULL,
  created_millis BIGINT NOT NULL,
  PRIMARY KEY (issuer, subject)
);
CREATE INDEX person_identity_by_person ON person_identity (person_id);

-- Browsers that are at an identity provider. key_mac: of the state; nonce and verifier are derived from the state, which
-- stands nowhere. person_id: who is signed in and links the identity; null = signs in by it.
CREATE TABLE oidc_flow (
  key_mac TEXT NOT NULL PRIMARY KEY,
  browser_mac TEXT NOT NULL,
  provider TEXT NOT NULL,
  return_path TEXT NOT NULL,
  person_id TEXT,
  used_millis BIGINT,
  expires_millis BIGINT NOT NULL
);
CREATE INDEX oidc_flow_by_expiry ON oidc_flow (expires_millis);

-- Sessions an identity provider began, for its word that they are over. sid: its own name of the session; empty = none.
CREATE TABLE oidc_session (
  session_id TEXT NOT NULL PRIMARY KEY,
  provider TEXT NOT NULL,
  subject TEXT NOT NULL,
  sid TEXT NOT NULL,
  person_id TEXT NOT NULL,
  expires_millis BIGINT NOT NULL
);
CREATE INDEX oidc_session_by_subject ON oidc_session (provider, subject);
CREATE INDEX oidc_session_by_sid ON oidc_session (provider, sid);
CREATE INDEX oidc_session_by_expiry ON oidc_session (expires_millis);

-- Logout tokens that came, until they are too old to come again.
CREATE TABLE oidc_logout (
  provider TEXT NOT NULL,
  jti TEXT NOT NULL,
  expires_millis BIGINT NOT NULL,
  PRIMARY KEY (provider, jti)
);
CREATE INDEX oidc_logout_by_expiry ON oidc_logout (expires_millis);

-- When it ends at the latest, whatever else; null = as all do.
ALTER TABLE session ADD COLUMN until_millis BIGINT;
