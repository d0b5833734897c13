"""Imports of rosters, for every function that needs them: read, judge and compare, apply, take back."""
