"""One folder per Lambda function."""

import sys

from activation import start

if "awslambdaric" in sys.modules:  # Lambda's own client: this is a function, which its first call has started
    start.begin()
