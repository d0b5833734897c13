"""Brings one stage to AWS: `make deploy` and the pipelines run it."""
