"""Mutation testing (`make mutants`): every change to a rule must make a unit test fail, or be listed with a reason."""
