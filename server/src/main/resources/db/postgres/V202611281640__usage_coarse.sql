-- Sums of usage_rollup's hours and quarters that are kept apart by less: shape says by what (UsageShape), all other
-- names are empty. They are made of usage_rollup when an hour is over (UsageFold), so that whoever projects, of
-- whichever version, writes what he always wrote.
CREATE TABLE usage_coarse (
  organization_id TEXT NOT NULL,
  test BIGINT NOT NULL,
  shape BIGINT NOT NULL,
  step_minutes BIGINT NOT NULL,
  start_millis BIGINT NOT NULL,
  project_id TEXT NOT NULL,
  key_id TEXT NOT NULL,
  model TEXT NOT NULL,
  target TEXT NOT NULL,
  provider TEXT NOT NULL,
  member_id TEXT NOT NULL,
  service TEXT NOT NULL,
  site TEXT NOT NULL,
  tags_id TEXT NOT NULL,
  tags TEXT NOT NULL,
  first_attempts BIGINT NOT NULL,
  first_on_target BIGINT NOT NULL,
  first_on_provider BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  completed BIGINT NOT NULL,
  cancelled BIGINT NOT NULL,
  failed BIGINT NOT NULL,
  interrupted BIGINT NOT NULL,
  input_tokens BIGINT NOT NULL,
  output_tokens BIGINT NOT NULL,
  cached_tokens BIGINT NOT NULL,
  cache_write_tokens BIGINT NOT NULL,
  reasoning_tokens BIGINT NOT NULL,
  audio_millis BIGINT NOT NULL,
  images BIGINT NOT NULL,
  characters BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  cost_nano BIGINT NOT NULL,
  billed_nano BIGINT NOT NULL,
  unpriced BIGINT NOT NULL,
  PRIMARY KEY (organization_id, test, shape, step_minutes, start_millis, project_id, key_id, model, target, provider,
    member_id, service, site, tags_id)
);

-- From when until when an organization's hours are in usage_coarse, but for those in usage_changed; whoever has no row
-- has so few sums that they need no others.
CREATE TABLE usage_fold (
  organization_id TEXT NOT NULL,
  test BIGINT NOT NULL,
  since_millis BIGINT NOT NULL,
  until_millis BIGINT NOT NULL,
  PRIMARY KEY (organization_id, test)
);

-- Hours whose sums were added to since they were folded, or for the first time. The table itself says so
-- (trigger), whoever writes; each transaction has a mark of its own, so that none waits for another and none takes
-- away what another says.
CREATE TABLE usage_changed (
  organization_id TEXT NOT NULL,
  test BIGINT NOT NULL,
  start_millis BIGINT NOT NULL,
  mark BIGINT NOT NULL,
  PRIMARY KEY (organization_id, test, start_millis, mark)
);

CREATE INDEX usage_changed_by_time ON usage_changed (start_millis);

CREATE FUNCTION usage_rollup_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO usage_changed (organization_id, test, start_millis, mark)
  VALUES (NEW.organization_id, NEW.test, NEW.start_millis, pg_current_xact_id()::text::bigint)
  ON CONFLICT DO NOTHING;
  RETURN NEW;
END;
$$;

CREATE TRIGGER usage_rollup_changes BEFORE INSERT ON usage_rollup
FOR EACH ROW WHEN (NEW.step_minutes = 60) EXECUTE FUNCTION usage_rollup_changed();

-- What is there already: its last hour tells whether an organization is worth it.
INSERT INTO usage_changed (organization_id, test, start_millis, mark)
WITH RECURSIVE every (organization_id) AS (
  SELECT MIN(organization_id) FROM usage_rollup
  UNION ALL
  SELECT (SELECT MIN(r.organization_id) FROM usage_rollup r WHERE r.organization_id > every.organization_id)
  FROM every WHERE every.organization_id IS NOT NULL
), latest (organization_id, test, start_millis) AS (
  SELECT every.organization_id, kind.test, (
    SELECT MAX(r.start_millis) FROM usage_rollup r
    WHERE r.organization_id = every.organization_id AND r.test = kind.test AND r.step_minutes = 60)
  FROM every CROSS JOIN (SELECT 0 AS test UNION ALL SELECT 1) AS kind
)
SELECT organization_id, test, start_millis, 0 FROM latest WHERE start_millis IS NOT NULL;
