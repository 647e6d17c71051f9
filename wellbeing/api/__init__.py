"""`/api/v1`: a thin skin over the registry of actions and the access doors. It asks no table of a case itself."""
