"""A password, then a code; and signing out."""
