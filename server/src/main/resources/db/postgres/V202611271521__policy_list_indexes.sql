-- Rules of an organization in the order in which they are listed.
CREATE INDEX rule_by_organization ON rule (organization_id, id);
