-- One row: the number of the last change. Taking the next one orders all control-plane changes.
CREATE TABLE change_head (
  id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
  seq BIGINT NOT NULL
);
INSERT INTO change_head (id, seq) VALUES (1, 0);

CREATE TABLE change (
  seq INTEGER NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  organization_id TEXT,
  id TEXT NOT NULL,
  at_millis BIGINT NOT NULL
);
