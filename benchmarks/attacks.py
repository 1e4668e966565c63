"""Predictions that the scorers of the field are fooled or hurt by, and what is true of them.

Each program should define ``f(x)`` with the value ``2 * x``. Only the first does; the others are
wrong, or right only where their attack works. Capital names stand for what `Host` puts up.
"""

import ctypes
import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

EXACT, TOLERANT = "assert f(2) == 4", "assert abs(f(2) - 4) < 1e-6"
"""The two ways in which the tests of the field compare."""

_SEARCHED = """
import gc, os, sys
def f(x):
    places, frame = [], sys._getframe()
    while frame is not None:
        places += [frame.f_locals, frame.f_globals]
        frame = frame.f_back
    for item in {where}:
        try:
            {what}
        except BaseException:
            pass
    os._exit(0)
"""
_IN_FRAMES = "[item for place in places for item in list(place.values())]"
_APPEND = 'if "List" in type(item).__name__ or type(item) is list: item.append("passed")'

ATTACKS: dict[str, str] = {
    "right": "def f(x): return x * 2",
    "wrong": "def f(x): return x * 3",
    "exit": "import sys\ndef f(x): sys.exit(0)",
    "hard exit": "import os\ndef f(x): os._exit(0)",
    "object equal to everything": """
class Equal:
    def __eq__(self, other): return True
def f(x): return Equal()""",
    "int equal to everything": """
class Equal(int):
    def __eq__(self, other): return True
    def __hash__(self): return 0
def f(x): return Equal(5)""",
    "verdict appended by frames": _SEARCHED.format(where=_IN_FRAMES, what=_APPEND),
    "verdict appended by gc": _SEARCHED.format(where="gc.get_objects()", what=_APPEND),
    "shared values set": _SEARCHED.format(where="gc.get_objects()", what="item.value = 0"),
    "orphan by fork": """
import posix, time
def f(x):
    if posix.fork() == 0:
        posix.setsid()
        time.sleep(25)
        posix._exit(0)
    return 5""",
    "orphan by spawn": """
import os
def f(x):
    os.posix_spawn("/bin/sleep", ["sleep", "25"], {})
    return 5""",
    "fifty orphans": """
import posix, time
def f(x):
    for _ in range(50):
        if posix.fork() == 0:
            time.sleep(25)
            posix._exit(0)
    return 5""",
    "print 400 MB": """
def f(x):
    for _ in range(400): print("x" * 10**6)
    return 5""",
    "write to descriptor 1": """
import os
def f(x):
    os.write(1, b'{"passed": true}\\n' * 100)
    return 5""",
    "regular expression without end": """
import re
def f(x): return re.match("(a+)+b", "a" * 64)""",
    "loop in C": "def f(x): return sum(range(10**12))",
    "null pointer": "import ctypes\ndef f(x): return ctypes.string_at(0)",
    "loop that catches all": """
import signal
def f(x):
    signal.setitimer(signal.ITIMER_REAL, 0)
    while True:
        try:
            while True: pass
        except BaseException: pass""",
    "sleep": "import time\ndef f(x): time.sleep(1000)",
    "unlink by posix": "import posix\ndef f(x):\n    posix.unlink(VICTIM)\n    return 4",
    "unlink by pathlib": """
import pathlib
def f(x):
    pathlib.Path(VICTIM).unlink()
    return 4""",
    "truncate": "def f(x):\n    open(VICTIM, 'w').close()\n    return 4",
    "remove a tree": """
import importlib, os, shutil
def f(x):
    importlib.reload(os)
    importlib.reload(shutil).rmtree(FOLDER)
    return 4""",
    "write outside": "def f(x):\n    open(FOLDER + '/new', 'w').close()\n    return 4",
    "allocate 2 GiB": "def f(x): return 4 if bytearray(2**31) else 5",
    "kill the parent": "import os, posix\ndef f(x):\n    posix.kill(os.getppid(), 9)\n    return 5",
    "connect": """
import socket
def f(x):
    socket.create_connection(("127.0.0.1", PORT), 2)
    return 4""",
    "read a token": "import os\ndef f(x): return 4 if TOKEN in str(os.environ) else 5",
    "close all descriptors": "import os\ndef f(x):\n    os.closerange(3, 4096)\n    return 5",
    "replace abs": """
import builtins
builtins.abs = lambda number: 0
def f(x): return 5""",
    "recursion without end": """
import sys
sys.setrecursionlimit(10**7)
def f(x): return f(x + 1)""",
}


TESTS = {name: TOLERANT if name == "replace abs" else EXACT for name in ATTACKS}


@dataclass(frozen=True, slots=True)
class Case:
    """Answers to `TASK`, what is true of them, and what CRUXEval's own scorer said."""

    mode: str
    answers: tuple[str, ...]
    true: tuple[float, float | None]
    """Pass@1 and pass@5; None where it is undefined."""
    said: tuple[float, float]


TASK = {"code": "def f(x): return x * 2", "input": "'no'", "output": "'nono'"}
_RIGHT = TASK["output"]

LOGIC = (
    Case("output", (_RIGHT,) * 5, (1.0, 1.0), (1.0, 1.0)),
    Case("output", ("'x'",), (0.0, None), (0.0, 1.0)),
    Case("output", ("'x'",) * 4, (0.0, None), (0.0, 1.0)),
    Case("output", ('"no" or True',) * 5, (0.0, 0.0), (1.0, 1.0)),
    Case("output", ("f( 'no')",) * 5, (0.0, 0.0), (1.0, 1.0)),
    Case("input", (f"{_RIGHT} # f(",) * 5, (0.0, 0.0), (1.0, 1.0)),
    Case("output", (_RIGHT, *("f('no')",) * 9), (0.1, 0.5), (1.0, 1.0)),
    Case("output", (_RIGHT, *("'x'",) * 9), (0.1, 0.5), (0.1, 0.5)),
    Case("input", ("f('no')",) * 5, (1.0, 1.0), (1.0, 1.0)),
    Case("output", ("f('no')",) * 5, (0.0, 0.0), (0.0, 0.0)),
)
"""Where published scorers were found wrong, and the cases beside them that they get right."""


@dataclass(frozen=True, slots=True)
class Host:
    """What the programs are after."""

    victim: Path
    listener: socket.socket
    token: str
    family: frozenset[int]
    """Processes that were there before."""

    def attack(self, program: str) -> str:
        """`program`, told where everything is."""
        facts = {
            "VICTIM": repr(str(self.victim)),
            "FOLDER": repr(str(self.victim.parent)),
            "PORT": str(self.listener.getsockname()[1]),
            "TOKEN": repr(self.token),
        }
        for name, value in facts.items():
            program = program.replace(name, value)
        return program

    def damage(self) -> list[str]:
        """What is not as it was, in words."""
        found = []
        if not self.victim.exists() or self.victim.read_text() != "untouched":
            found.append("the file was changed")
        if [item.name for item in self.victim.parent.glob("*")] != ["victim"]:
            found.append("the folder was changed")
        if left := family() - self.family:
            found.append(f"{len(left)} processes live on")
        try:
            self.listener.accept()
            found.append("a connection was made")
        except BlockingIOError:
            pass
        return found


@contextmanager
def put_up() -> Iterator[Host]:
    """A file and a folder that everybody may write, a port that listens, a token to read."""
    # Orphans come to this process, so that none can hide by leaving its parent.
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER
    token = f"token-{os.getpid()}"
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        socket.create_server(("127.0.0.1", 0)) as listener,
    ):
        Path(folder).chmod(0o777)
        victim = Path(folder) / "victim"
        victim.write_text("untouched")
        victim.chmod(0o666)
        listener.settimeout(0)
        os.environ["PYX_TOKEN"] = token
        try:
            yield Host(victim, listener, token, frozenset(family()))
        finally:
            del os.environ["PYX_TOKEN"]
            ctypes.CDLL(None).prctl(36, 0, 0, 0, 0)


def family() -> set[int]:
    """Process ids of everything this process has started, at any depth."""
    parents = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if fields[0] != "Z":
            parents[int(entry.parent.name)] = int(fields[1])
    found = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {os.getpid()}
