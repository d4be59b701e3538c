-- Few organizations are on their way out at a time: all of them are asked for whenever one changes.
CREATE INDEX organization_closed ON organization (state) WHERE state <> 'active';
