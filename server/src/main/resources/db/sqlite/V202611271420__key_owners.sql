-- owner_person_id: the member whose key it is; null = its project's. origins: pages it may be used from. metadata: a JSON object of the owner's own.
ALTER TABLE api_key ADD COLUMN owner_person_id TEXT;
ALTER TABLE api_key ADD COLUMN origins TEXT NOT NULL DEFAULT '[]';
ALTER TABLE api_key ADD COLUMN metadata TEXT NOT NULL DEFAULT '{}';
CREATE INDEX api_key_by_owner ON api_key (organization_id, owner_person_id);
