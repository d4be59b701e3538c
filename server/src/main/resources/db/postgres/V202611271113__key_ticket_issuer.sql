-- Which process made it: by another one's clock it may look too old.
ALTER TABLE key_ticket ADD COLUMN issuer TEXT NOT NULL DEFAULT '';
