"""The import of rosters."""
