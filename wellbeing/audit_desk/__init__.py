"""The desk of the audit administrator: who did what, what is unusual, and whether the audit itself is whole."""
