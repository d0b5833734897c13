"""The help desk's terminal client: signs its calls as the agent whose AWS credentials it finds."""
