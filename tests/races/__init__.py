"""What happens at once, on the real engine."""
