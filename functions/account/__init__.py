"""Where am I, and the home of an account."""
