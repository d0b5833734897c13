"""What every HTTP function shares: the resolver, problems, cookies."""
