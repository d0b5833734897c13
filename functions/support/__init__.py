"""The help desk: looks into a person's record, and acts that change no code and no password."""
