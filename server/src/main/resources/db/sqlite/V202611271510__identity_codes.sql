-- Requests for proof, each of one browser for one thing. kind: code. key_mac: of what it is about, such as an address.
-- The code of one is derived from its id: it stands nowhere. A spent row stays until its time is over.
CREATE TABLE login_flow (
  id TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  browser_mac TEXT NOT NULL,
  key_mac TEXT NOT NULL,
  site TEXT NOT NULL,
  address TEXT NOT NULL,
  agent TEXT NOT NULL,
  tries BIGINT NOT NULL,
  sends BIGINT NOT NULL,
  used_millis BIGINT,
  asked_millis BIGINT NOT NULL,
  expires_millis BIGINT NOT NULL,
  UNIQUE (browser_mac, kind, key_mac)
);
CREATE INDEX login_flow_by_key ON login_flow (key_mac, kind, asked_millis);
CREATE INDEX login_flow_by_expiry ON login_flow (expires_millis);

-- How often something was done in a window of time. name: what, and a MAC of by whom.
CREATE TABLE auth_count (
  name TEXT NOT NULL,
  window_millis BIGINT NOT NULL,
  ends_millis BIGINT NOT NULL,
  n BIGINT NOT NULL,
  PRIMARY KEY (name, window_millis)
);
CREATE INDEX auth_count_by_end ON auth_count (ends_millis);
