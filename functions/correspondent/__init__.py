"""The people whom correspondents declared, and the files that correspondents send: shown and changed."""
