"""No test opens a connection unless it says so, and none touches the user's caches."""

import os
import socket
import tempfile

import pytest

# Read by the Hugging Face libraries when they are imported, so it must be set before that.
_CACHES = tempfile.TemporaryDirectory(prefix="pyx-test-hf-")
os.environ["HF_HOME"] = _CACHES.name
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"
os.environ.setdefault("OMP_NUM_THREADS", "1")


@pytest.fixture(autouse=True)
def _no_network(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Connecting anywhere fails at once, unless the test is marked `network`."""
    if request.node.get_closest_marker("network"):
        return
    connect = socket.socket.connect

    def refuse(self: socket.socket, address: object) -> None:
        if self.family == socket.AF_UNIX:
            return connect(self, address)  # type: ignore[arg-type]  # whatever the caller gave
        raise RuntimeError(f"a test without the `network` mark connects to {address!r}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
