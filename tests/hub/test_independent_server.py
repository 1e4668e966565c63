"""What was pushed is read back through a server that is not ours: olah, which serves folders."""

import json
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.hub.loopback import LoopbackHub
from tests.hub.test_push import LOADS_ALL, REPO, built, pyx, run

OLAH = Path(__file__).parents[2] / ".venv-olah" / "bin" / "olah-cli"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.network,
    pytest.mark.skipif(not OLAH.exists(), reason="`make olah` installs the server"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built folder."""
    return built(tmp_path_factory.mktemp("built") / "pyx", 40)


@pytest.fixture(scope="module")
def server(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of olah, which serves what our push left in a Hub."""
    scratch = tmp_path_factory.mktemp("olah")
    mirror = scratch / "mirrors" / "datasets" / REPO
    with LoopbackHub() as hub:
        assert pyx(hub, scratch / "home", "push", str(folder), REPO).returncode == 0
        for path, digest in hub.files(REPO, "main")[1].items():
            (mirror / path).parent.mkdir(parents=True, exist_ok=True)
            (mirror / path).write_bytes(hub.blobs[digest])
    git = ["git", "-C", str(mirror), "-c", "user.name=t", "-c", "user.email=t@t"]
    for words in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-qm", "pushed"]):
        subprocess.run([*git, *words], check=True)
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = scratch / "olah.toml"
    config.write_text(
        f'[basic]\nhost = "127.0.0.1"\nport = {port}\nrepos-path = "{scratch / "cache"}"\n'
        f'hf-netloc = "127.0.0.1:1"\nmirrors-path = ["{scratch / "mirrors"}"]\n'
        "[accessibility]\noffline = true\n"
    )
    process = subprocess.Popen(
        [OLAH, "--config", config, "--log-path", scratch / "logs"],
        cwd=scratch, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(f"{address}/api/datasets/{REPO}/revision/main", process)
        yield address
    finally:
        process.terminate()
        process.wait()


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(100):
        assert process.poll() is None, "olah ended"
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except OSError:
            time.sleep(0.3)
        else:
            return
    pytest.fail(f"{url} does not answer")


def test_every_config_comes_back_from_another_server(
    server: str, folder: Path, tmp_path: Path
) -> None:
    """Plain and streaming, against pyarrow on the folder that was pushed."""
    script = [sys.executable, "-I", "-c", LOADS_ALL]
    loaded = run(None, tmp_path, *script, HF_ENDPOINT=server, HF_TOKEN="")
    assert loaded.returncode == 0, loaded.stderr[-2000:]
    found = json.loads(loaded.stdout)

    for config, splits in found.items():
        for split, (plain, streamed) in splits.items():
            files = sorted((folder / config).glob(f"{split}-*.parquet"))
            rows = [row for file in files for row in pq.read_table(file).to_pylist()]

            assert json.loads(json.dumps(rows)) == plain == streamed
    assert len(found) == len(json.loads((folder / "build.json").read_text())["counts"])
