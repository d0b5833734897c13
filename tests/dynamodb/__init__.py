"""A stand-in for DynamoDB as it is: moto, and what AWS refuses or delays and emulators let pass."""
