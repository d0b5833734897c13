"""A server on a free port of this machine that answers at once: as Lambda's Runtime API, and as AWS."""

import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Server(ThreadingHTTPServer):
    """Serves from the moment it is made until it is closed."""

    daemon_threads = True
    disable_nagle_algorithm = True

    def __init__(self, handler: type["Handler"]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.address = f"127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def handle_error(self, request: object, client_address: object) -> None:
        """A process that was ended leaves its connection open."""

    def server_close(self) -> None:
        """Stop answering first."""
        self.shutdown()
        super().server_close()


class Handler(BaseHTTPRequestHandler):
    """Reads and answers whole bodies on connections that stay open."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet: else each waits for the other's receipt

    def body(self) -> bytes:
        """What was sent."""
        return self.rfile.read(int(self.headers["Content-Length"] or 0))

    def answer(self, status: int, body: bytes, head: Mapping[str, str]) -> None:
        """Send it all."""
        self.send_response(status)
        for name, value in (*head.items(), ("Content-Length", str(len(body)))):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, *_: object) -> None:
        """Say nothing of each call."""
