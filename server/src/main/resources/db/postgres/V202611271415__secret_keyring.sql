-- Master keys this store has known; none of them is here, only what they are told by.
CREATE TABLE kek (
  id TEXT NOT NULL PRIMARY KEY,
  state TEXT NOT NULL CHECK (state IN ('active', 'retiring', 'retired')),
  proof TEXT NOT NULL,
  created_millis BIGINT NOT NULL,
  retired_millis BIGINT
);

CREATE UNIQUE INDEX kek_active ON kek (state) WHERE state = 'active';

-- Keys that are wrapped with one of them; organization '' = the platform's own.
CREATE TABLE data_key (
  organization_id TEXT NOT NULL,
  purpose TEXT NOT NULL,
  version BIGINT NOT NULL,
  kek_id TEXT NOT NULL REFERENCES kek (id),
  kek_version TEXT NOT NULL,
  wrapped TEXT NOT NULL,
  uses BIGINT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('active', 'former')),
  created_millis BIGINT NOT NULL,
  PRIMARY KEY (organization_id, purpose, version)
);

CREATE INDEX data_key_by_kek ON data_key (kek_id, organization_id, purpose, version);
