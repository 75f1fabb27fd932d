-- Real images under their own and under wrong labels, from which a run's label risk is estimated, as JSON. Derived.
CREATE TABLE risk_simulation (
  run_id INTEGER PRIMARY KEY,
  simulation TEXT NOT NULL
) STRICT;
