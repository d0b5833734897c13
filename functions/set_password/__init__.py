"""Step 3: a password is chosen, reset or changed."""
