"""Step 2: a code is typed."""
