"""Rosters: reading the files, judging their rows, comparing them with what is stored, reporting in French."""
