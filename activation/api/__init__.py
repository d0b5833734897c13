"""The code that every HTTP function shares: the resolver, problems, cookies."""
