-- rung: whose credential the attempt went out with: header, project, organization or platform; empty = nobody's,
-- or the row is older than that.
ALTER TABLE usage_attempt ADD COLUMN rung TEXT NOT NULL DEFAULT '';
