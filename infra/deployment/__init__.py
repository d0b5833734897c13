"""Brings one stage to AWS: what `make deploy` and the pipelines run."""
