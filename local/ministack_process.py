"""MiniStack in a process of its own, which ends, with the functions it runs, when its starter ends."""

import asyncio
import logging
import os
import signal
import sys
import threading

from hypercorn.asyncio import serve
from hypercorn.config import Config
from ministack.app import app
from ministack.core.tls import resolve_tls_material

_KEEP_ALIVE_SECONDS = 75


def main() -> None:
    """Serve on the port of `GATEWAY_PORT`, and there only: MiniStack's own entry point takes port 443 as well."""
    threading.Thread(target=_end_with_starter, daemon=True).start()
    config = Config()
    config.bind = [f"127.0.0.1:{os.environ['GATEWAY_PORT']}"]
    config.certfile, config.keyfile = resolve_tls_material()
    config.keep_alive_timeout = _KEEP_ALIVE_SECONDS
    config.loglevel = "WARNING"
    # Clients that hang up without TLS's farewell are no news; asyncio would report each in twelve lines.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    asyncio.run(serve(app, config))


def _end_with_starter() -> None:
    """End with the starter, which holds the other end of our input and never writes; a slower end is not needed."""
    sys.stdin.buffer.read()
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    main()
