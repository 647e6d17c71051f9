"""The restore drill: a city is backed up, a case erased, the backup brought back on another engine and held against
what it was; and every check is shown to catch the fault it is there for. `make restore-drill`, and in the suite."""
