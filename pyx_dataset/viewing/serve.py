"""The pages on this machine's own address, or all of them in one file.

Nothing is loaded from elsewhere, nothing leaves the machine, and what a row says is only ever
shown as text.
"""

import json
import re
from base64 import b64encode
from hashlib import sha256
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from pyx_dataset.errors import InputError
from pyx_dataset.sandbox.pool import Sandbox
from pyx_dataset.schema import SPLITS
from pyx_dataset.store import write_text
from pyx_dataset.viewing.account import account
from pyx_dataset.viewing.folder import Folder, open_folder

HOST = "127.0.0.1"
PORT = 8630

_PAGES = {
    "/": ("index.html", "text/html"),
    "/view.css": ("view.css", "text/css"),
    "/view.js": ("view.js", "text/javascript"),
    "/replay.js": ("replay.js", "text/javascript"),
}
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; base-uri 'none'"
)


class Viewer(HTTPServer):
    """
    Serves the rows of one folder on loopback until it is closed.

    One request at a time: they share a sandbox.

    Raises:
        InputError: `port` is in use, or not ours to use.
    """

    def __init__(self, folder: Path, sandbox: Sandbox, port: int = PORT) -> None:
        self.folder = open_folder(folder)
        self.sandbox = sandbox
        try:
            super().__init__((HOST, port), _Handler)
        except (OSError, OverflowError) as exc:
            reason = getattr(exc, "strerror", None) or exc
            raise InputError(
                f"cannot serve on {HOST}:{port}: {reason}; give another --port, 0 for any"
            ) from exc

    @property
    def url(self) -> str:
        """Where it can be seen."""
        return f"http://{HOST}:{self.server_port}/"

    def answer(self, path: str, asked: dict[str, str]) -> object:
        """
        What the page asks for, as plain data.

        Raises:
            InputError: there is no such thing, or the question is incomplete.
        """
        try:
            match path:
                case "/api/about":
                    return about(self.folder)
                case "/api/rows":
                    return self.folder.listed(asked["config"], asked["split"])
                case "/api/row":
                    return account(
                        self.folder, self.sandbox, asked["config"], asked["split"], asked["id"]
                    )
        except KeyError as exc:
            raise InputError(f"{path} needs {exc}") from exc
        raise InputError(f"there is no {path}")


class _Handler(BaseHTTPRequestHandler):
    server: Viewer

    def do_GET(self) -> None:
        """Send a page or an answer."""
        # A site that lets its own name point here would otherwise read the answers.
        host = (self.headers.get("Host") or "").rpartition(":")[0]
        if host not in (HOST, "localhost"):
            self._send(HTTPStatus.FORBIDDEN, b"this viewer answers on loopback only", "text/plain")
            return
        url = urlsplit(self.path)
        if url.path in _PAGES:
            name, kind = _PAGES[url.path]
            self._send(HTTPStatus.OK, _page(name).encode(), kind)
            return
        asked = {name: values[0] for name, values in parse_qs(url.query).items()}
        try:
            answer, status = self.server.answer(url.path, asked), HTTPStatus.OK
        except InputError as exc:
            answer, status = {"error": str(exc)}, HTTPStatus.NOT_FOUND
        self._send(status, json.dumps(answer).encode(), "application/json")

    def _send(self, status: HTTPStatus, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", _POLICY)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the terminal is the user's."""


def about(folder: Folder) -> dict[str, Any]:
    """What the page shows before any row is chosen."""
    return {
        "name": folder.path.resolve().name,
        "counts": folder.counts,
        "versions": {
            name: folder.record[name]
            for name in ("pyx_version", "schema_version", "python_version")
        },
    }


def export_page(folder: Path, sandbox: Sandbox, file: Path, rows: int) -> int:
    """
    Write the viewer with the first `rows` rows of every config and split into one HTML file.

    Returns how many rows that is. The file opens anywhere, without a server or a network.

    Raises:
        InputError: `folder` is no finished build.
        StoreError: `file` cannot be written.
    """
    opened = open_folder(folder)
    data: dict[str, Any] = {"about": about(opened), "lists": {}, "rows": {}}
    for config in opened.counts:
        for split in SPLITS:
            listed = opened.listed(config, split)[:rows]
            data["lists"][f"{config}/{split}"] = listed
            for item in listed:
                name = f"{config}/{split}/{item['id']}"
                data["rows"][name] = account(opened, sandbox, config, split, item["id"])
    write_text(file, _single_page(data))
    return len(data["rows"])


def _single_page(data: dict[str, Any]) -> str:
    """`index.html` with everything it refers to inside it."""
    scripts = [_page("replay.js"), _page("view.js")]
    hashes = " ".join(
        f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for text in scripts
    )
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src {hashes}; base-uri 'none'"
    # "</script>" inside a row must not end the element that holds it.
    embedded = json.dumps(data).replace("<", "\\u003c")
    inside = {
        '<link rel="stylesheet" href="view.css">': f"<style>{_page('view.css')}</style>",
        '<script src="replay.js"></script>': f"<script>{scripts[0]}</script>",
        '<script src="view.js"></script>': f"<script>{scripts[1]}</script>",
        "<!-- data -->": f'<script type="application/json" id="data">{embedded}</script>',
        "<!-- policy -->": f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
    }
    places = re.compile("|".join(map(re.escape, inside)))
    return places.sub(lambda found: inside[found[0]], _page("index.html"))


def _page(name: str) -> str:
    page = resources.files("pyx_dataset.viewing") / "page" / name
    return page.read_text(encoding="utf-8")
