"""What runs in memory: the rules, the words, the use cases with fakes."""
