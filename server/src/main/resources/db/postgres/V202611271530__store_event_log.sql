-- What happened in an organization that the audit chain does not tell: finished attempts, rooms.
-- seq: how many entries there were so far.
CREATE TABLE event_head (
  organization_id TEXT NOT NULL PRIMARY KEY,
  seq BIGINT NOT NULL
);

-- seq: the number of the last entry; entries: one a line, in their order. The newest stay.
CREATE TABLE event_batch (
  organization_id TEXT NOT NULL,
  seq BIGINT NOT NULL,
  type TEXT NOT NULL,
  entries TEXT NOT NULL,
  PRIMARY KEY (organization_id, seq)
);
