"""The least that a function can be: what ours are measured against. They know nothing of the product."""
