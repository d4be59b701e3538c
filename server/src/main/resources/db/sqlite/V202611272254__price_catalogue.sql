-- What each edition of the program's own catalogue brought: a start reads the files once.
CREATE TABLE price_catalogue (
  edition TEXT NOT NULL,
  price_id TEXT NOT NULL,
  PRIMARY KEY (edition, price_id)
);
