"""Where a visitor is, and what an account shows of itself."""
