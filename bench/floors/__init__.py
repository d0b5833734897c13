"""What a function is measured against, started from the same asset."""
