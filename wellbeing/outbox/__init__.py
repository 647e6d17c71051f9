"""Notices: rows written with the business transaction, delivered until a channel confirms, shown once."""
