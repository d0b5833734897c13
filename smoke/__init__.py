"""The smoke test: an activation of somebody who does not exist, or, where people are real, a look that changes nothing.

`python -m smoke ADDRESS STAGE`, which is what `make smoke` and the pipelines run.
"""
