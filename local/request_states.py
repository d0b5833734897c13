"""`make request-states FILE=…`: send a file of states to the running product, and show its import's report.

From the environment: `APPLY=1` takes it in, `SENDER` is where the summary goes, `UNDO=1` undoes the last such import,
`UNDO=<import>` that one. Everything else is as `make roster` has it.
"""

from activation.domain.roster.imports import STATES
from local.roster import run

if __name__ == "__main__":
    run("request-states", folder=STATES)
