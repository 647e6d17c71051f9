"""What was done and read, in one hash chain per case; it holds codes, never words."""
