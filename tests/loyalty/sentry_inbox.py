"""A place for Sentry's envelopes on this machine: a real HTTP server that keeps what it is sent."""

import contextlib
import gzip
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ANSWER = b'{"id": "received"}'


@dataclass
class Inbox:
    dsn: str
    raw: list[bytes] = field(default_factory=list)

    @property
    def items(self) -> list[dict[str, Any]]:
        """What is in the envelopes: errors and transactions, as they came."""
        found = []
        for envelope in self.raw:
            lines = [json.loads(line) for line in envelope.splitlines() if line.strip()]
            headers, payloads = lines[1::2], lines[2::2]
            found += [{"sent_as": header["type"], **each} for header, each in zip(headers, payloads, strict=True)]
        return found

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [item for item in self.items if item["sent_as"] == kind]


@contextlib.contextmanager
def open_inbox() -> Iterator[Inbox]:
    received: list[bytes] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.append(gzip.decompress(body) if self.headers["Content-Encoding"] == "gzip" else body)
            self.send_response(200)
            self.send_header("Content-Length", str(len(ANSWER)))
            self.end_headers()
            self.wfile.write(ANSWER)

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield Inbox(f"http://public@127.0.0.1:{server.server_port}/1", received)
        finally:
            server.shutdown()
            thread.join()
