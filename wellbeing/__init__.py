"""The ground: sealing, people, audit, notices, access, and above them the pages."""
