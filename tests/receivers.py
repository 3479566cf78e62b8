"""Servers on loopback that keep what is sent to them."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer


@contextmanager
def serving(server: socketserver.BaseServer) -> Iterator[int]:
    """Its port, while it serves."""
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_address[1]  # type: ignore[misc]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def web_server(received: list[bytes], status: int = 200) -> HTTPServer:
    """Keeps what is posted to it."""

    class Webhook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    return ThreadingHTTPServer(("127.0.0.1", 0), Webhook)


def datagram_server(received: list[bytes]) -> socketserver.UDPServer:
    """Keeps every datagram."""

    class Datagram(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            received.append(self.request[0])

    return socketserver.UDPServer(("127.0.0.1", 0), Datagram)
