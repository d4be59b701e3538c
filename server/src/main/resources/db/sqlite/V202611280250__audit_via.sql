-- By which session and program, and with what outcome: part of what is hashed from form 4 on.
ALTER TABLE audit_entry ADD COLUMN via TEXT NOT NULL DEFAULT '';
ALTER TABLE audit_entry ADD COLUMN agent TEXT NOT NULL DEFAULT '';
ALTER TABLE audit_entry ADD COLUMN outcome TEXT NOT NULL DEFAULT '';
