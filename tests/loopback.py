"""A file server on the loopback interface that can be as bad as real ones."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_PART = 1 << 14


@dataclass
class Server:
    """Answers every GET with `content`; `breaks` lists after how many bytes each answer ends early.

    `pause_s` is waited for after every 16 kB.
    """

    content: bytes
    ranges: bool = True
    status: int | None = None
    breaks: list[int] = field(default_factory=list)
    pause_s: float = 0.0
    asked: list[str] = field(default_factory=list)
    url: str = ""


@contextmanager
def serving(server: Server) -> Iterator[Server]:
    """The server at work, its address in `url`."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            wanted = self.headers.get("Range", "")
            server.asked.append(wanted)
            if server.status:
                self.send_error(server.status)
                return
            start = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted and server.ranges else 0
            if start > len(server.content):
                self.send_error(416)
                return
            self.send_response(206 if start else 200)
            if start:
                self.send_header("Content-Range", f"bytes {start}-{len(server.content) - 1}/{len(server.content)}")
            self.send_header("Content-Length", str(len(server.content) - start))
            self.end_headers()
            length = server.breaks.pop(0) if server.breaks else len(server.content)
            wanted_part = server.content[start : start + length]
            with suppress(ConnectionError):  # who was interrupted has gone
                for at in range(0, len(wanted_part), _PART):
                    self.wfile.write(wanted_part[at : at + _PART])
                    threading.Event().wait(server.pause_s)

        def log_message(self, *_: object) -> None:
            """Say nothing: pytest's output is for tests."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        server.url = f"http://127.0.0.1:{http.server_port}/set.tar.gz"
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            http.shutdown()
            thread.join()
