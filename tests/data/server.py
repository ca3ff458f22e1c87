"""A publisher's server on this machine, which can be as unreliable as a real one."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = Callable[[BaseHTTPRequestHandler], None]


def serve(data: bytes) -> Answer:
    """Send the whole file."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", str(len(data)))
        request.end_headers()
        request.wfile.write(data)

    return answer


def break_off(data: bytes, after: int) -> Answer:
    """Promise the whole file and close the connection in the middle."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", str(len(data)))
        request.end_headers()
        request.wfile.write(data[:after])
        request.close_connection = True

    return answer


def refuse(code: int) -> Answer:
    """Answer with an error, such as 404 or 503."""
    return lambda request: request.send_error(code)


class Publisher:
    """Answers by path; a list of answers is given one after the other.

    Attributes
    ----------
    answers : path to answer, or to answers of which the last is repeated.
    requests : how often each path was asked for.
    released : answers that :meth:`stall` wait for this.
    """

    def __init__(self) -> None:
        self.answers: dict[str, Answer | list[Answer]] = {}
        self.requests: Counter[str] = Counter()
        self.released = threading.Event()
        self.url = ""

    def stall(self, data: bytes, after: int) -> Answer:
        """Send the beginning of the file, then nothing, with the line open."""

        def answer(request: BaseHTTPRequestHandler) -> None:
            request.send_response(200)
            request.send_header("Content-Length", str(len(data)))
            request.end_headers()
            request.wfile.write(data[:after])
            self.released.wait(30)

        return answer

    def respond(self, request: BaseHTTPRequestHandler) -> None:
        turn = self.requests[request.path]
        self.requests[request.path] += 1
        answer = self.answers[request.path]
        if isinstance(answer, list):
            answer = answer[min(turn, len(answer) - 1)]
        answer(request)


@contextmanager
def running() -> Iterator[Publisher]:
    """A publisher that listens on a free port until the block ends."""
    publisher = Publisher()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            publisher.respond(self)

        def log_message(self, *args: object) -> None:
            """Keep the tests' output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    publisher.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield publisher
    finally:
        publisher.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
