"""The rules: pure, no AWS, no HTTP, no clock, no environment."""
