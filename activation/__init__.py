"""The code that the functions share, named after the domain."""
