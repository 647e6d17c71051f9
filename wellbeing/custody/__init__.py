"""Custody of keys: their rotation, what is destroyed when, and an inventory of what is sealed with what."""
