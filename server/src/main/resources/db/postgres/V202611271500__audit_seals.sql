-- From form 3 on the hash is a plain SHA-256, which anyone can check; the seal over it is the server's.
ALTER TABLE audit_entry ADD COLUMN seal TEXT NOT NULL DEFAULT '';
