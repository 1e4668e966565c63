"""A Hub small enough to read: what the real clients ask of one when data sets come and go.

It keeps everything in memory, knows one user, and writes down every request:

    with LoopbackHub() as hub:
        environment = {"HF_ENDPOINT": hub.endpoint, "HF_TOKEN": TOKEN, "HF_HUB_DISABLE_XET": "1"}

The clients read ``HF_ENDPOINT`` when they are imported, so they run in a process of their own.
Repositories hold data sets or models, whose names differ. Parquet and weights go the way of large
files, as on the real Hub.
"""

import base64
import hashlib
import json
import re
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

USER = "tester"
TOKEN = "hf_loopback"
_BIG = (".parquet", ".gz", ".safetensors")
_DATE = "2026-01-01T00:00:00.000Z"

Files = dict[str, str]
"""Path -> SHA-256 of the content."""


@dataclass
class Repo:
    """Commits of one data set or model, and which branch stands where."""

    name: str
    private: bool
    commits: dict[str, Files] = field(default_factory=dict)
    branches: dict[str, str] = field(default_factory=dict)

    def commit(self, branch: str, files: Files) -> str:
        """Move `branch` to a new commit of `files`."""
        text = repr((self.name, len(self.commits), sorted(files.items())))
        oid = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
        self.commits[oid] = files
        self.branches[branch] = oid
        return oid


class Refused(Exception):  # noqa: N818  (an answer, not a fault)
    """An answer other than 200."""

    def __init__(self, status: int, code: str, message: str = "", **more: object) -> None:
        super().__init__(message)
        self.status, self.code, self.more = status, code, more


class LoopbackHub:
    """Serves on a free port of 127.0.0.1 while it is entered."""

    def __init__(self) -> None:
        self.repos: dict[str, Repo] = {}
        self.blobs: dict[str, bytes] = {}
        self.log: list[str] = []
        """``"METHOD path"`` of every request."""
        self.breaks_after: int | None = None
        """How many large files still arrive before uploads fail; None: all."""
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.endpoint = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, method: str, target: str, body: bytes, token: str) -> tuple[Any, Any]:
        """Body and headers for a request; plain data becomes JSON."""
        url = urlsplit(target)
        with self._lock:
            self.log.append(f"{method} {url.path}")
            for verb, pattern, route in _ROUTES:
                found = re.fullmatch(pattern, url.path)
                if found and method in verb:
                    names = {name: unquote(text or "") for name, text in found.groupdict().items()}
                    if "PUT" in verb or "POST" in verb or "whoami" in pattern:
                        self._check(token)
                    return route(self, body, parse_qs(url.query), **names)
        raise Refused(404, "NotFound", f"no route for {method} {url.path}")

    def _check(self, token: str) -> None:
        if token not in ("", TOKEN):
            raise Refused(401, "InvalidToken", "Invalid user token")

    def repo(self, name: str) -> Repo:
        """The data set or model `name`."""
        if name not in self.repos:
            raise Refused(404, "RepoNotFound", "Repository not found")
        return self.repos[name]

    def files(self, name: str, revision: str) -> tuple[str, Files]:
        """The commit that a branch or hash names, and what it holds."""
        repo = self.repo(name)
        oid = repo.branches.get(revision, revision)
        if oid not in repo.commits:
            raise Refused(404, "RevisionNotFound", f"Invalid rev id: {revision}")
        return oid, repo.commits[oid]

    def node(self, path: str, digest: str) -> dict[str, Any]:
        """What a listing says of a file."""
        size = len(self.blobs[digest])
        node = {"type": "file", "path": path, "size": size, "oid": self.etag(path, digest)}
        if path.endswith(_BIG):
            node["lfs"] = {"oid": digest, "size": size, "pointerSize": 130}
        return node

    def etag(self, path: str, digest: str) -> str:
        """Git's own hash of a small file, SHA-256 of a large one."""
        if path.endswith(_BIG):
            return digest
        blob = self.blobs[digest]
        return hashlib.sha1(b"blob %d\0" % len(blob) + blob, usedforsecurity=False).hexdigest()


def _whoami(hub: LoopbackHub, body: bytes, query: Any) -> tuple[Any, Any]:
    token = {"accessToken": {"role": "write"}}
    return {"type": "user", "name": USER, "fullname": USER, "orgs": [], "auth": token}, {}


def _create(hub: LoopbackHub, body: bytes, query: Any) -> tuple[Any, Any]:
    asked = json.loads(body)
    owner = asked.get("organization") or USER
    name = f"{owner}/{asked['name']}"
    kind = asked.get("type") or "model"
    url = f"{hub.endpoint}/{'datasets/' if kind == 'dataset' else ''}{name}"
    if owner != USER:
        raise Refused(403, "Forbidden", f"You don't have the rights to create under {owner}")
    if name in hub.repos:
        raise Refused(409, "RepoExists", f"You already created this {kind} repo", url=url)
    hub.repos[name] = Repo(name, asked.get("visibility") == "private" or bool(asked.get("private")))
    hub.repos[name].commit("main", {})
    return {"url": url, "name": name, "id": name}, {}


def _info(hub: LoopbackHub, body: bytes, query: Any, name: str, rev: str = "") -> tuple[Any, Any]:
    oid, files = hub.files(name, rev or "main")
    siblings = [{"rfilename": path} for path in sorted(files)]
    return {
        "_id": "0" * 24, "id": name, "author": name.split("/")[0], "sha": oid, "tags": [],
        "private": hub.repos[name].private, "gated": False, "disabled": False, "downloads": 0,
        "likes": 0, "lastModified": _DATE, "createdAt": _DATE, "siblings": siblings,
    }, {}  # fmt: skip


def _refs(hub: LoopbackHub, body: bytes, query: Any, name: str) -> tuple[Any, Any]:
    branches = [
        {"name": branch, "ref": f"refs/heads/{branch}", "targetCommit": oid}
        for branch, oid in hub.repo(name).branches.items()
    ]
    return {"branches": branches, "tags": [], "converts": []}, {}


def _branch(hub: LoopbackHub, body: bytes, query: Any, name: str, rev: str) -> tuple[Any, Any]:
    repo = hub.repo(name)
    if rev in repo.branches:
        raise Refused(409, "BranchExists", "Reference already exists")
    repo.branches[rev] = repo.branches["main"]
    return {}, {}


def _tree(
    hub: LoopbackHub, body: bytes, query: Any, name: str, rev: str, path: str = ""
) -> tuple[Any, Any]:
    _, files = hub.files(name, rev)
    is_deep = query.get("recursive", ["false"])[0].lower() in ("true", "1")
    prefix = f"{path.strip('/')}/" if path.strip("/") else ""
    folders: dict[str, None] = {}
    nodes = []
    for file in sorted(item for item in files if item.startswith(prefix)):
        parts = file[len(prefix) :].split("/")
        for depth in range(1, len(parts) if is_deep else min(2, len(parts))):
            folders[prefix + "/".join(parts[:depth])] = None
        if is_deep or len(parts) == 1:
            nodes.append(hub.node(file, files[file]))
    if prefix and not nodes and not folders:
        raise Refused(404, "EntryNotFound", "Entry not found")
    made = [{"type": "directory", "path": item, "size": 0, "oid": "0" * 40} for item in folders]
    return [*made, *nodes], {}


def _paths(hub: LoopbackHub, body: bytes, query: Any, name: str, rev: str) -> tuple[Any, Any]:
    _, files = hub.files(name, rev)
    asked = json.loads(body) if body[:1] == b"{" else parse_qs(body.decode())
    return [hub.node(path, files[path]) for path in asked.get("paths", []) if path in files], {}


def _preupload(hub: LoopbackHub, body: bytes, query: Any, name: str, rev: str) -> tuple[Any, Any]:
    modes = [
        {
            "path": file["path"],
            "uploadMode": "lfs" if file["path"].endswith(_BIG) else "regular",
            "shouldIgnore": False,
        }
        for file in json.loads(body)["files"]
    ]
    return {"files": modes}, {}


def _lfs(hub: LoopbackHub, body: bytes, query: Any, name: str) -> tuple[Any, Any]:
    objects = []
    for item in json.loads(body)["objects"]:
        answer = {"oid": item["oid"], "size": item["size"], "authenticated": True}
        if item["oid"] not in hub.blobs:  # without actions: it is here already
            answer["actions"] = {"upload": {"href": f"{hub.endpoint}/lfs/{item['oid']}"}}
        objects.append(answer)
    return {"transfer": "basic", "objects": objects}, {}


def _receive(hub: LoopbackHub, body: bytes, query: Any, oid: str) -> tuple[Any, Any]:
    if hub.breaks_after is not None:
        if not hub.breaks_after:
            raise Refused(400, "Broken", "the upload is broken off")
        hub.breaks_after -= 1
    if hashlib.sha256(body).hexdigest() != oid:
        raise Refused(400, "BadOid", "content and hash differ")
    hub.blobs[oid] = body
    return b"", {}


def _commit(hub: LoopbackHub, body: bytes, query: Any, name: str, rev: str) -> tuple[Any, Any]:
    _, files = hub.files(name, rev)
    new = dict(files)
    for line in body.decode().splitlines():
        item = json.loads(line)
        value = item["value"]
        if item["key"] == "file":
            blob = base64.b64decode(value["content"])
            new[value["path"]] = digest = hashlib.sha256(blob).hexdigest()
            hub.blobs[digest] = blob
        elif item["key"] == "lfsFile":
            if value["oid"] not in hub.blobs:
                raise Refused(400, "LfsNotFound", f"{value['oid']} was not uploaded")
            new[value["path"]] = value["oid"]
        elif item["key"] == "deletedFile":
            del new[value["path"]]
    oid = hub.repos[name].commit(rev, new)
    url = f"{hub.endpoint}/datasets/{name}/commit/{oid}"
    return {"success": True, "commitOid": oid, "commitUrl": url, "hookOutput": ""}, {}


def _resolve(
    hub: LoopbackHub, body: bytes, query: Any, name: str, rev: str, path: str
) -> tuple[Any, Any]:
    oid, files = hub.files(name, rev)
    if path not in files:
        raise Refused(404, "EntryNotFound", "Entry not found", oid=oid)
    etag = hub.etag(path, files[path])
    blob = hub.blobs[files[path]]
    headers = {"X-Repo-Commit": oid, "ETag": f'"{etag}"', "Accept-Ranges": "bytes"}
    if path.endswith(_BIG):
        headers |= {"X-Linked-Size": str(len(blob)), "X-Linked-Etag": f'"{etag}"'}
    return blob, headers


def _fine(hub: LoopbackHub, body: bytes, query: Any) -> tuple[Any, Any]:
    return {"errors": [], "warnings": []}, {}


_NAME = r"(?P<name>[^/]+/[^/]+)"
_REV = r"(?P<rev>[^/]+)"
_KIND = r"(?:datasets|models)"
_ROUTES = [
    ("GET", "/api/whoami-v2", _whoami),
    ("POST", "/api/validate-yaml", _fine),
    ("POST", "/api/repos/create", _create),
    ("GET", rf"/api/{_KIND}/{_NAME}", _info),
    ("GET", rf"/api/{_KIND}/{_NAME}/revision/{_REV}", _info),
    ("GET", rf"/api/{_KIND}/{_NAME}/refs", _refs),
    ("POST", rf"/api/{_KIND}/{_NAME}/branch/{_REV}", _branch),
    ("GET", rf"/api/{_KIND}/{_NAME}/tree/{_REV}(?:/(?P<path>.*))?", _tree),
    ("POST", rf"/api/{_KIND}/{_NAME}/paths-info/{_REV}", _paths),
    ("POST", rf"/api/{_KIND}/{_NAME}/preupload/{_REV}", _preupload),
    ("POST", rf"/(?:datasets/)?{_NAME}\.git/info/lfs/objects/batch", _lfs),
    ("PUT", r"/lfs/(?P<oid>[0-9a-f]{64})", _receive),
    ("POST", rf"/api/{_KIND}/{_NAME}/commit/{_REV}", _commit),
    ("GET HEAD", rf"/(?:datasets/)?{_NAME}/resolve/{_REV}/(?P<path>.+)", _resolve),
]


def _handler(hub: LoopbackHub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
            try:
                body, headers = hub.answer(self.command, self.path, self._body(), token)
                status = 200
            except Refused as exc:
                status, body = exc.status, {"error": str(exc), **exc.more}
                headers = {"X-Error-Code": exc.code, "X-Error-Message": str(exc)}
                if "oid" in exc.more:
                    headers["X-Repo-Commit"] = exc.more["oid"]
            sent = body if isinstance(body, bytes) else json.dumps(body).encode()
            kind = "application/octet-stream" if body is sent else "application/json"
            wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range") or "")
            if wanted and status == 200:
                first, last = int(wanted[1]), min(int(wanted[2] or len(sent)), len(sent) - 1)
                headers = {**headers, "Content-Range": f"bytes {first}-{last}/{len(sent)}"}
                status, sent = 206, sent[first : last + 1]
            self.send_response(status)
            for name, value in {**headers, "Content-Type": kind}.items():
                self.send_header(name, str(value))
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(sent)

        do_GET = do_HEAD = do_POST = do_PUT = _serve  # noqa: N815  (names of http.server)

        def _body(self) -> bytes:
            if "chunked" not in (self.headers.get("Transfer-Encoding") or ""):
                return self.rfile.read(int(self.headers.get("Content-Length") or 0))
            chunks = []
            while size := int(self.rfile.readline().split(b";")[0], 16):
                chunks.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(chunks)

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler
