"""A build that is killed while it asks: nothing that was paid is lost, and no secret is kept."""

import gzip
import hashlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.teacher.pupils import SEEDS
from tests.teacher.server import Body, Handler, Server, completion, serving, status

pytestmark = [pytest.mark.network, pytest.mark.slow]

CANARY = "sk-canary-0123456789abcdef"
CONCURRENCY = 3


@pytest.fixture
def server() -> Iterator[Server]:
    """Answers with what it was asked, in its own time."""
    with serving() as found:
        found.usual = slow_echo
        yield found


def slow_echo(handler: Handler, body: Body) -> None:
    time.sleep(0.1)
    text = f"{len(body['messages'][0]['content'])} letters"
    handler.send(200, completion(text))


def command(folder: Path, server: Server, out: str) -> list[str]:
    (folder / "seeds").mkdir(exist_ok=True)
    (folder / "seeds" / "two.py").write_text(SEEDS)
    config = folder / "my.toml"
    config.write_text(
        f'seeds = ["files:{folder / "seeds"}"]\nmax_proposals = 40\n[teacher]\n'
        f'kind = "endpoint"\nbase_url = "{server.url}"\nmodel = "tiny"\nkey_env = "MY_KEY"\n'
        f"executions = 8\nconcurrency = {CONCURRENCY}\n"
        'tasks = ["forward", "backward", "solution", "debugging"]\n'
    )
    return [sys.executable, "-c", "from pyx_dataset.cli import main; main()", "build",
            "--config", str(config), "--out", str(folder / out), "--workers", "1"]  # fmt: skip


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "MY_KEY": CANARY, **more}


def run(folder: Path, server: Server, out: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(folder, server, out), env=environment(**more), capture_output=True, text=True,
        check=False,
    )  # fmt: skip


def stored(file: Path) -> int:
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=30) as base:
        return int(base.execute("SELECT count(*) FROM answers").fetchone()[0])


def digest(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".build" not in path.parts
    }


def test_a_killed_build_asks_for_no_answer_twice(server: Server, tmp_path: Path) -> None:
    """After SIGKILL, the same command asks for what is missing; the bytes are the same."""
    process = subprocess.Popen(
        command(tmp_path, server, "pyx"), env=environment(), stderr=subprocess.DEVNULL
    )
    while len(server.bodies) < 7:
        assert process.poll() is None
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    paid, asked = stored(tmp_path / "pyx.answers"), len(server.bodies)
    resumed = run(tmp_path, server, "pyx")
    wanted = len(set(server.prompts))

    assert resumed.returncode == 0, resumed.stderr
    assert 0 < paid <= asked <= paid + CONCURRENCY
    assert len(server.bodies) - asked == wanted - paid
    assert f"{wanted - paid} answers asked for, {paid} from the cache" in resumed.stderr

    whole = run(tmp_path, server, "whole")
    assert whole.returncode == 0, whole.stderr
    assert digest(tmp_path / "whole") == digest(tmp_path / "pyx")


def test_bad_input_is_one_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    """A server that is down, a model that it lacks, a prompt with an unknown field."""
    with serving() as server:
        missing = command(tmp_path, server, "pyx")
        server.usual = status(404, "no such model")
        (tmp_path / "prompts").mkdir()
        (tmp_path / "prompts" / "forward.md").write_text("$code $call $trcae")
        config = tmp_path / "my.toml"
        plain = config.read_text()
        config.write_text(plain.replace('"tiny"', '"huge"'))
        lacking = subprocess.run(
            missing, env=environment(), capture_output=True, text=True, check=False
        )
        config.write_text(f'{plain}prompts = "{tmp_path / "prompts"}"\n')
        unknown = subprocess.run(
            missing, env=environment(), capture_output=True, text=True, check=False
        )
    (tmp_path / "pyx.answers").unlink()
    config.write_text(plain)
    down = subprocess.run(missing, env=environment(), capture_output=True, text=True, check=False)

    for result, said in (
        (lacking, "model huge: status 404: no such model; it serves tiny"),
        (unknown, "forward.md line 1: unknown field $trcae"),
        (down, "no connection"),
    ):
        assert result.returncode == 2
        assert result.stderr.splitlines()[-1].startswith("pyx: ")
        assert said in result.stderr.splitlines()[-1]
    assert not (tmp_path / "pyx").exists()


def test_the_key_is_in_no_file_and_no_word(server: Server, tmp_path: Path) -> None:
    """A server that sends it back in answers and errors, and every library told to be talkative."""

    def leak(handler: Handler, body: Body) -> None:
        assert handler.headers["Authorization"] == f"Bearer {CANARY}"
        handler.send(200, completion(f"You sent {json.dumps(dict(handler.headers))}"))

    server.usual = leak
    server.script = [status(500, f"failed for {CANARY}"), status(429, f"slow down, {CANARY}")]
    built = run(tmp_path, server, "pyx", OPENAI_LOG="debug")
    assert built.returncode == 0, built.stderr
    server.usual = status(401, f"Incorrect API key provided: {CANARY}")
    refused = run(tmp_path, server, "another", OPENAI_LOG="debug")
    assert refused.returncode == 2

    assert "Incorrect API key provided: [key]" in refused.stderr
    for word in (built.stdout, built.stderr, refused.stdout, refused.stderr):
        assert CANARY not in word
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) > 20
    assert not [path for path in files if CANARY.encode() in content(path)]


def content(path: Path) -> bytes:
    """What a file holds, compressed or not."""
    if path.suffix == ".parquet":
        return json.dumps(pq.read_table(path).to_pylist()).encode()
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
