-- Test rows and all others are asked for apart: neither is searched among the other any more.
CREATE TABLE usage_attempt_next (
  organization_id TEXT NOT NULL,
  id TEXT NOT NULL,
  project_id TEXT NOT NULL,
  key_id TEXT NOT NULL,
  request_id TEXT NOT NULL,
  ordinal BIGINT NOT NULL,
  first_on_target BIGINT NOT NULL,
  first_on_provider BIGINT NOT NULL,
  model TEXT NOT NULL,
  target TEXT NOT NULL,
  provider TEXT NOT NULL,
  endpoint TEXT NOT NULL,
  stream BIGINT NOT NULL,
  test BIGINT NOT NULL,
  started_millis BIGINT NOT NULL,
  first_byte_millis BIGINT NOT NULL,
  duration_millis BIGINT NOT NULL,
  status BIGINT NOT NULL,
  outcome TEXT NOT NULL,
  input_tokens BIGINT NOT NULL,
  output_tokens BIGINT NOT NULL,
  cached_tokens BIGINT NOT NULL,
  cache_write_tokens BIGINT NOT NULL,
  reasoning_tokens BIGINT NOT NULL,
  source TEXT NOT NULL,
  request_bytes BIGINT NOT NULL,
  response_bytes BIGINT NOT NULL,
  unit TEXT NOT NULL DEFAULT 'tokens',
  quantity BIGINT NOT NULL DEFAULT 0,
  input_source TEXT NOT NULL DEFAULT '',
  output_source TEXT NOT NULL DEFAULT '',
  quantity_source TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (organization_id, test, id)
) WITHOUT ROWID;

INSERT INTO usage_attempt_next SELECT
  organization_id, id, project_id, key_id, request_id, ordinal, first_on_target, first_on_provider,
  model, target, provider, endpoint, stream, test, started_millis, first_byte_millis,
  duration_millis, status, outcome, input_tokens, output_tokens, cached_tokens, cache_write_tokens,
  reasoning_tokens, source, request_bytes, response_bytes, unit, quantity, input_source,
  output_source, quantity_source
FROM usage_attempt;

DROP TABLE usage_attempt;
ALTER TABLE usage_attempt_next RENAME TO usage_attempt;
