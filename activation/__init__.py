"""What the functions share, named after the domain."""
