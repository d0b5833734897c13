"""What cannot be promised without being measured."""
