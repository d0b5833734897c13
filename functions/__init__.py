"""One folder per Lambda function."""

import sys

from activation import garbage_collector

# Lambda's own client runs us: a start, until the first AWS client or answer (docs/adr/0027)
if "awslambdaric" in sys.modules:
    garbage_collector.pause()
