"""A server on loopback that does what a test tells it: OpenAI's protocol, and ways to break it."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Body = dict[str, Any]
Reply = Callable[["Handler", Body], None]
"""Answers one request whose body was read."""


class Server(ThreadingHTTPServer):
    """What it was sent, and what it does about it."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.models: list[str] = ["tiny"]
        self.script: list[Reply] = []
        """What it does with the next requests, one each; behind the last it does `usual`."""
        self.usual: Reply = answer("an answer")
        self.bodies: list[Body] = []
        self.times: list[float] = []
        self.in_flight = self.most_in_flight = 0
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        """What a teacher's `base_url` is."""
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    @property
    def prompts(self) -> list[str]:
        """What it was asked."""
        return [body["messages"][0]["content"] for body in self.bodies]


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    server: Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """List the models."""
        listed = [{"id": name, "object": "model"} for name in self.server.models]
        if self.server.models:
            self.send(200, {"object": "list", "data": listed})
        else:
            self.send(404, {"error": {"message": "no such page"}})

    def do_POST(self) -> None:
        """Answer as the script says."""
        body: Body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        server = self.server
        with server.lock:
            server.bodies.append(body)
            server.times.append(time.monotonic())
            server.in_flight += 1
            server.most_in_flight = max(server.most_in_flight, server.in_flight)
            reply = server.script.pop(0) if server.script else server.usual
        try:
            reply(self, body)
        finally:
            with server.lock:
                server.in_flight -= 1

    def send(self, status: int, data: Any, headers: dict[str, str] | None = None) -> None:
        """Send a whole reply."""
        raw = data if isinstance(data, bytes) else json.dumps(data).encode()
        self.send_response(status)
        plain = {"Content-Type": "application/json", "Content-Length": str(len(raw))}
        for name, value in {**plain, **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


def completion(text: str | None, finish: str = "stop") -> Body:
    """The body of a chat completion."""
    return {
        "id": "1",
        "object": "chat.completion",
        "choices": [
            {"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": text}}
        ],
        "usage": {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18},
    }


def answer(text: str | None, finish: str = "stop", after_s: float = 0.0) -> Reply:
    """A good answer."""

    def reply(handler: Handler, body: Body) -> None:
        time.sleep(after_s)
        handler.send(200, completion(text, finish))

    return reply


def echo(handler: Handler, body: Body) -> None:
    """The prompt, given back."""
    handler.send(200, completion(f"you said: {body['messages'][0]['content']}"))


def status(code: int, said: str, **headers: str) -> Reply:
    """An error in OpenAI's shape."""

    def reply(handler: Handler, body: Body) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        handler.send(code, {"error": {"message": said, "type": "x", "code": None}}, named)

    return reply


def raw(data: bytes) -> Reply:
    """A body that may be anything."""
    return lambda handler, body: handler.send(200, data)


def cut_short(handler: Handler, body: Body) -> None:
    """Half of what was promised, then the end of the connection."""
    handler.send(200, b'{"choices": [{"mess', {"Content-Length": "900"})
    handler.close_connection = True


def hang_up(handler: Handler, body: Body) -> None:
    """No answer at all."""
    handler.close_connection = True
    handler.connection.shutdown(2)


@contextmanager
def serving() -> Iterator[Server]:
    """A server that runs."""
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
