-- Command lines that ask for a key of whoever approves them in a browser. device_mac: of what the command line proves
-- itself by; user_mac: of the code people type. state: open, approved, denied or done. Neither code stands anywhere.
CREATE TABLE pairing (
  id TEXT NOT NULL PRIMARY KEY,
  device_mac TEXT NOT NULL,
  user_mac TEXT NOT NULL,
  host TEXT NOT NULL,
  address TEXT NOT NULL,
  state TEXT NOT NULL,
  person_id TEXT,
  session_id TEXT,
  organization_id TEXT,
  polled_millis BIGINT NOT NULL,
  interval_seconds BIGINT NOT NULL,
  created_millis BIGINT NOT NULL,
  expires_millis BIGINT NOT NULL
);
CREATE UNIQUE INDEX pairing_by_device ON pairing (device_mac);
CREATE UNIQUE INDEX pairing_by_user ON pairing (user_mac);
CREATE INDEX pairing_by_expiry ON pairing (expires_millis);
