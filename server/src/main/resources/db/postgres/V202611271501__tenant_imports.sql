-- import_ref: what the file that an organization or a project was taken over from calls it; null = made here.
ALTER TABLE organization ADD COLUMN import_ref TEXT;
CREATE UNIQUE INDEX organization_by_ref ON organization (import_ref) WHERE import_ref IS NOT NULL;
ALTER TABLE project ADD COLUMN import_ref TEXT;
CREATE UNIQUE INDEX project_by_ref ON project (organization_id, import_ref) WHERE import_ref IS NOT NULL;
