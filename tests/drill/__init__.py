"""`make drill`: real processes, real faults, and what must be true after each round."""
