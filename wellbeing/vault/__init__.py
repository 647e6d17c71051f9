"""Sealing: envelopes, the key tree, blind indexes. Imports no other app."""
