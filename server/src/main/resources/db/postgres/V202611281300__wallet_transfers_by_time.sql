-- Statements read a month of an organization's transfers.
CREATE INDEX transfer_time ON transfer (organization_id, at_millis);
