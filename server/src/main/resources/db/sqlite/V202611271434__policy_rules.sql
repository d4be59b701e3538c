-- Rules of organizations, projects and members; a key's own stand in its row.
-- layer: organization, project or member; subject_id: org_…, prj_… or per_….
-- project_id: null but for a project's rule. rule_values: JSON list.
CREATE TABLE rule (
  id TEXT NOT NULL PRIMARY KEY,
  organization_id TEXT NOT NULL,
  project_id TEXT,
  layer TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  effect TEXT NOT NULL,
  type TEXT NOT NULL,
  rule_values TEXT NOT NULL,
  name TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_millis BIGINT NOT NULL
);
CREATE INDEX rule_by_owner ON rule (organization_id, layer, subject_id, id);
