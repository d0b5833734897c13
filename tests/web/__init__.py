"""The front, in a real browser."""
