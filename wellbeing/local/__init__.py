"""One machine, one command: embedded PostgreSQL and Valkey for local runs and tests. Knows no Django and no case."""
