"""Consent, code channel and terms."""
