"""The scheduled cleanup."""
