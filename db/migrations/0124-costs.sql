-- What people have set of the cost model.
CREATE TABLE cost_input (
  input TEXT PRIMARY KEY,
  low REAL NOT NULL,
  high REAL NOT NULL,
  source TEXT,
  seq INTEGER NOT NULL
) STRICT;

-- The label of its amounts, once somebody has set it.
CREATE TABLE cost_currency (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  currency TEXT NOT NULL,
  seq INTEGER NOT NULL
) STRICT;
