-- What a budget's window was given in all, so that it can be checked once it is over; NULL = unknown.
ALTER TABLE purse ADD COLUMN given BIGINT;
UPDATE purse SET given = room + held + unposted + posted WHERE kind = 'budget';

-- Windows made or changed by a replica of a version that does not note what it gives: nobody knows what they were given.
CREATE TABLE budget_given_unknown (
  purse TEXT NOT NULL PRIMARY KEY
) WITHOUT ROWID;

CREATE TRIGGER purse_given BEFORE INSERT ON purse WHEN NEW.kind = 'budget' AND NEW.given IS NULL
BEGIN
  INSERT INTO budget_given_unknown (purse) VALUES (NEW.id) ON CONFLICT DO NOTHING;
END;
