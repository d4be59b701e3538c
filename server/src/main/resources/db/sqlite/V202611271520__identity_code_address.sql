-- Where the mail with a code goes: a queue holds the request's id alone.
ALTER TABLE login_flow ADD COLUMN email TEXT NOT NULL DEFAULT '';
