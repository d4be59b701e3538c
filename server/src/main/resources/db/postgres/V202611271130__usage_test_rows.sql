-- Test rows and all others are asked for apart: neither is searched among the other any more.
ALTER TABLE usage_attempt DROP CONSTRAINT usage_attempt_pkey;
ALTER TABLE usage_attempt ADD PRIMARY KEY (organization_id, test, id);
