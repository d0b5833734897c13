"""One folder per Lambda function."""

import sys

from activation import garbage_collector

# In Lambda: no garbage collection during a cold start, until the first AWS client or answer (docs/adr/0027).
if "awslambdaric" in sys.modules:
    garbage_collector.pause()
