"""The help desk: looks into a person's account and helps them; it sees and sets no code and no password."""
