"""Programs that try to get out, to cheat or to hang: each ends as its first line says."""

import os
import socket
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pyx_dataset.config import Limits
from pyx_dataset.sandbox.pool import Job, Sandbox

PROGRAMS = sorted((Path(__file__).parent / "programs").glob("*.py"))
LIMITS = Limits(cpu_s=0.4, wall_s=1.5, memory_mib=128)


@dataclass
class Host:
    """What the programs are after."""

    box: Sandbox
    victim: Path
    listener: socket.socket

    def attack(self, path: Path) -> Job:
        """The program at `path`, told where the victims are."""
        code = path.read_text(encoding="utf-8")
        for name, value in {
            "VICTIM": repr(str(self.victim)),
            "HOST": str(os.getpid()),
            "PORT": str(self.listener.getsockname()[1]),
        }.items():
            code = code.replace(name, value)
        return Job(path.stem, code, ("attack()",))


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    """A sandbox, a file that everybody may write, and a port that listens."""
    with (
        tempfile.TemporaryDirectory() as folder,
        socket.create_server(("127.0.0.1", 0)) as listener,
        Sandbox(limits=LIMITS) as box,
    ):
        Path(folder).chmod(0o777)
        victim = Path(folder) / "victim"
        victim.write_text("untouched", encoding="utf-8")
        victim.chmod(0o666)
        listener.settimeout(0)
        yield Host(box, victim, listener)


def family() -> set[int]:
    """Process ids of everything this process has started, at any depth."""
    parents = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        parents[int(entry.parent.name)] = int(fields[1])
    found = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {os.getpid()}


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_program_ends_as_it_says(path: Path, host: Host) -> None:
    """No program gets more than its first line allows, and the host is as it was before."""
    if host.box.isolation == "weak":
        pytest.skip(f"weak isolation: {host.box.found.missing()}")
    expected = path.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# expect: ")
    before = family()

    (result,) = host.box.run([host.attack(path)])
    call = result.calls[0]

    said = f"{call.outcome} {call.value}" if call.value is not None else str(call.outcome)
    assert said in expected.split(" | "), call
    assert host.victim.read_text(encoding="utf-8") == "untouched"
    assert [item.name for item in host.victim.parent.iterdir()] == ["victim"]
    assert family() == before, "a process was left behind, or the worker died"
    with pytest.raises(BlockingIOError):
        host.listener.accept()


def test_worker_serves_the_next_program(host: Host) -> None:
    """After all of that the same worker still runs an honest program."""
    (result,) = host.box.run([Job("honest", "def f(x): return x + 1", ("f(1)",))])

    assert result.calls[0].value == "2"
