"""Who ends whom: workers, their zygotes, their programs, and the process that holds them all."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from pyx_dataset.errors import SandboxError
from pyx_dataset.sandbox import pool
from pyx_dataset.sandbox.pool import Job, Sandbox

PACKAGE = Path(pool.__file__).parent.parent


def _workers() -> list[int]:
    """Process ids of the workers this process has."""
    found = []
    for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split():
        with suppress(OSError):  # it may have ended since
            if b"bootstrap.py" in Path(f"/proc/{pid}/cmdline").read_bytes():
                found.append(int(pid))
    return found


def _runs_one(worker: int) -> bool:
    """Whether it has a child beside its zygote."""
    with suppress(OSError):
        return len(Path(f"/proc/{worker}/task/{worker}/children").read_text().split()) > 1
    return False


def _runs(pid: int) -> bool:
    """Whether it can still do anything; in a container nobody may collect the dead."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_dead_worker_is_replaced_and_its_job_repeated() -> None:
    """Killing the worker in the middle of a job costs nothing but time."""
    before = set(_workers())
    job = Job("a", "import time\ndef f():\n    time.sleep(0.3)\n    return 1", ("f()",))

    def jobs() -> Iterator[Job]:
        yield job
        (worker,) = set(_workers()) - before
        os.kill(worker, signal.SIGKILL)
        yield job

    with Sandbox(workers=2) as box:
        assert [result.calls[0].value for result in box.run(jobs())] == ["1", "1"]


def test_a_dead_zygote_costs_nothing_but_time() -> None:
    """A worker whose zygote is gone ends too, and another takes its job."""
    before = set(_workers())
    job = Job("a", "def f(): return 1", ("f()",))

    def jobs() -> Iterator[Job]:
        yield job
        (worker,) = set(_workers()) - before
        (zygote,) = Path(f"/proc/{worker}/task/{worker}/children").read_text().split()
        os.kill(int(zygote), signal.SIGKILL)
        yield job

    with Sandbox() as box:
        assert [result.calls[0].value for result in box.run(jobs())] == ["1", "1"]


def test_a_worker_that_dies_twice_on_a_job_is_an_error() -> None:
    """What the sandbox cannot do is never a result of the program."""
    before = set(_workers())

    def kill() -> None:
        for _ in range(2):
            busy: set[int] = set()
            while True:  # what runs now and half a second later is this job, not the first probes
                earlier = busy
                busy = {worker for worker in set(_workers()) - before if _runs_one(worker)}
                if busy & earlier:
                    break
                time.sleep(0.5)
            os.kill(min(busy & earlier), signal.SIGKILL)
            before.update(busy)

    with Sandbox() as box:
        thread = threading.Thread(target=kill, daemon=True)
        thread.start()
        with pytest.raises(SandboxError, match="died twice on job a"):
            list(box.run([Job("a", "from time import sleep as f", ("f(5)",))]))
        thread.join()


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT])
def test_parents_end_ends_everything(end: signal.Signals) -> None:
    """After SIGKILL or Ctrl-C of the process that holds the sandbox, nothing of it is left."""
    code = """
        import sys, types
        package = types.ModuleType("pyx_dataset")  # its own __init__ takes seconds
        package.__path__ = sys.argv[1:]
        sys.modules["pyx_dataset"] = package
        from pyx_dataset.sandbox.pool import Job, Sandbox
        box = Sandbox()
        print(box._idle["programs"][0]._process.pid, flush=True)
        list(box.run([Job("a", "while True: pass", ("f()",))]))
        """
    command = [sys.executable, "-c", textwrap.dedent(code), str(PACKAGE)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        time.sleep(0.2)
        children = Path(f"/proc/{worker}/task/{worker}/children").read_text().split()
        parent.send_signal(end)
    for pid in (worker, *map(int, children)):
        deadline = time.monotonic() + 3
        while _runs(pid) and time.monotonic() < deadline:
            time.sleep(0.05)

        assert not _runs(pid)
    assert len(children) == 2, "the zygote and the program"


def test_closing_ends_all_workers() -> None:
    """After the with block there is no worker."""
    before = _workers()
    with Sandbox(workers=2) as box:
        list(box.run([Job(str(number), "f = int", ("f()",)) for number in range(5)]))

    assert _workers() == before
