"""Backups that the server can write and cannot read, and the way back from them (docs/backup.md)."""
