"""Requests: what a person asks of the CNAS, the acts on them, and the documents that they lead to."""
