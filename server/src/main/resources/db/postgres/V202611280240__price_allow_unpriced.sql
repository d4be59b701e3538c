-- Whether calls that credit or a hard budget limits may go to what has no price; NULL = nothing is said.
ALTER TABLE organization ADD COLUMN allow_unpriced BIGINT;
ALTER TABLE project ADD COLUMN allow_unpriced BIGINT;
ALTER TABLE api_key ADD COLUMN allow_unpriced BIGINT;
-- The most tokens an answer may have; NULL = the key says nothing.
ALTER TABLE api_key ADD COLUMN output_tokens_max BIGINT;
