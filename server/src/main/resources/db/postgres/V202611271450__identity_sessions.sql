-- Who is signed in, where. mac: of the token in the cookie, which is nowhere else; previous_mac: of the
-- token before it, good until previous_until_millis. standing: what the person was when the token was made.
-- acting_*: an operator in an organization's place; parent_id: the operator's own session.
CREATE TABLE session (
  id TEXT NOT NULL PRIMARY KEY,
  person_id TEXT NOT NULL REFERENCES person (id),
  mac TEXT NOT NULL,
  previous_mac TEXT,
  previous_until_millis BIGINT,
  standing BIGINT NOT NULL,
  created_millis BIGINT NOT NULL,
  seen_millis BIGINT NOT NULL,
  proved_millis BIGINT NOT NULL,
  rotated_millis BIGINT NOT NULL,
  address TEXT NOT NULL,
  agent TEXT NOT NULL,
  parent_id TEXT,
  acting_organization_id TEXT,
  acting_reason TEXT,
  acting_write BIGINT,
  acting_until_millis BIGINT
);
CREATE UNIQUE INDEX session_by_mac ON session (mac);
CREATE INDEX session_by_previous_mac ON session (previous_mac);
CREATE INDEX session_by_person ON session (person_id, created_millis);

-- One-time tokens with which somebody may claim a gate that nobody owns; gone once one was used.
CREATE TABLE setup_link (
  mac TEXT NOT NULL PRIMARY KEY,
  expires_millis BIGINT NOT NULL
);
