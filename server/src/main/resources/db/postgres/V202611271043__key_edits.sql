-- version: grows with each change of the key, so that nothing is written over what was not read.
-- tags: JSON list of words for people.
ALTER TABLE api_key ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE api_key ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';
