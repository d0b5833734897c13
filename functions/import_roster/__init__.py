"""What correspondents send in."""
