"""Requests: what a person asks of the CNAS, what becomes of it, and the documents that come of it."""
