"""The telephone exchange (话务): what it says of every call, so that none is taken and never logged."""
