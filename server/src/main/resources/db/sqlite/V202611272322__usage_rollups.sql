-- Sums of attempts by the time they began: a row per quarter of an hour, and of the same in steps of an hour, a day
-- and a month of UTC (15, 60, 1440, 43200 minutes by name), so that a long time is summed from few rows. They stay
-- when the attempts' own rows are dropped. tags are many words; tags_id is short, as keys of an index have to be.
-- first_attempts counts requests where model, key or time is asked for; first_on_target and first_on_provider where a
-- request may have used several.
CREATE TABLE usage_rollup (
  organization_id TEXT NOT NULL,
  test BIGINT NOT NULL,
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
  PRIMARY KEY (organization_id, test, step_minutes, start_millis, project_id, key_id, model, target, provider,
    member_id, service, site, tags_id)
) WITHOUT ROWID;

-- What was called so far has neither member, service, site nor tags.
INSERT INTO usage_rollup SELECT
  organization_id, test, 15, started_millis / 900000 * 900000, project_id, key_id, model, target, provider,
  '', '', '', '', '',
  SUM(CASE WHEN ordinal = 0 THEN 1 ELSE 0 END), SUM(first_on_target), SUM(first_on_provider), COUNT(*),
  SUM(CASE outcome WHEN 'completed' THEN 1 ELSE 0 END), SUM(CASE outcome WHEN 'cancelled' THEN 1 ELSE 0 END),
  SUM(CASE outcome WHEN 'failed' THEN 1 ELSE 0 END), SUM(CASE outcome WHEN 'interrupted' THEN 1 ELSE 0 END),
  SUM(input_tokens), SUM(output_tokens), SUM(cached_tokens), SUM(cache_write_tokens), SUM(reasoning_tokens),
  SUM(CASE unit WHEN 'audio_seconds' THEN quantity ELSE 0 END), SUM(CASE unit WHEN 'images' THEN quantity ELSE 0 END),
  SUM(CASE unit WHEN 'characters' THEN quantity ELSE 0 END), SUM(CASE unit WHEN 'bytes' THEN quantity ELSE 0 END),
  SUM(COALESCE(cost_nano, 0)), SUM(billed_nano), SUM(unpriced)
FROM usage_attempt
GROUP BY organization_id, test, started_millis / 900000, project_id, key_id, model, target, provider;

INSERT INTO usage_rollup SELECT
  organization_id, test, 60, start_millis / 3600000 * 3600000, project_id, key_id, model, target, provider,
  '', '', '', '', '',
  SUM(first_attempts), SUM(first_on_target), SUM(first_on_provider), SUM(attempts),
  SUM(completed), SUM(cancelled), SUM(failed), SUM(interrupted),
  SUM(input_tokens), SUM(output_tokens), SUM(cached_tokens), SUM(cache_write_tokens), SUM(reasoning_tokens),
  SUM(audio_millis), SUM(images), SUM(characters), SUM(bytes), SUM(cost_nano), SUM(billed_nano), SUM(unpriced)
FROM usage_rollup WHERE step_minutes = 15
GROUP BY organization_id, test, start_millis / 3600000 * 3600000, project_id, key_id, model, target, provider;

INSERT INTO usage_rollup SELECT
  organization_id, test, 1440, start_millis / 86400000 * 86400000, project_id, key_id, model, target, provider,
  '', '', '', '', '',
  SUM(first_attempts), SUM(first_on_target), SUM(first_on_provider), SUM(attempts),
  SUM(completed), SUM(cancelled), SUM(failed), SUM(interrupted),
  SUM(input_tokens), SUM(output_tokens), SUM(cached_tokens), SUM(cache_write_tokens), SUM(reasoning_tokens),
  SUM(audio_millis), SUM(images), SUM(characters), SUM(bytes), SUM(cost_nano), SUM(billed_nano), SUM(unpriced)
FROM usage_rollup WHERE step_minutes = 60
GROUP BY organization_id, test, start_millis / 86400000 * 86400000, project_id, key_id, model, target, provider;

INSERT INTO usage_rollup SELECT
  organization_id, test, 43200, CAST(strftime('%s', start_millis / 1000, 'unixepoch', 'start of month') AS BIGINT) * 1000, project_id, key_id, model, target, provider,
  '', '', '', '', '',
  SUM(first_attempts), SUM(first_on_target), SUM(first_on_provider), SUM(attempts),
  SUM(completed), SUM(cancelled), SUM(failed), SUM(interrupted),
  SUM(input_tokens), SUM(output_tokens), SUM(cached_tokens), SUM(cache_write_tokens), SUM(reasoning_tokens),
  SUM(audio_millis), SUM(images), SUM(characters), SUM(bytes), SUM(cost_nano), SUM(billed_nano), SUM(unpriced)
FROM usage_rollup WHERE step_minutes = 1440
GROUP BY organization_id, test, CAST(strftime('%s', start_millis / 1000, 'unixepoch', 'start of month') AS BIGINT) * 1000, project_id, key_id, model, target, provider;

-- A process of the version before cannot count any more; whoever knows the new sums counts for it.
DROP TABLE usage_hour;
