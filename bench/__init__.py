"""Speed and memory, measured on the local engine."""
