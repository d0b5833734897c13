"""The visitor's position, and the data that an account shows its owner."""
