"""Ordinary programs do what they do in plain Python, but for what the isolation policy states."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pyx_dataset import Job, Sandbox

PROGRAMS = sorted(Path(__file__).with_name("legal").glob("*.py"))
POLICY = "# policy: "

ORACLE = """
import contextlib, importlib.util, io, json, sys
for path in sys.argv[1:]:
    spec = importlib.util.spec_from_file_location("program", path)
    module = sys.modules["program"] = importlib.util.module_from_spec(spec)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(io.StringIO()):
        sys.stdin = io.StringIO()
        spec.loader.exec_module(module)
        value = repr(module.legal())
    print(json.dumps([value, printed.getvalue()]))
"""


@pytest.fixture(scope="module")
def in_cpython() -> dict[str, list[str]]:
    """What each program without a policy gives and prints in a Python of its own."""
    paths = [str(path) for path in PROGRAMS if policy(path) is None]
    command = [sys.executable, "-B", "-I", "-c", ORACLE, *paths]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    return {path: json.loads(line) for path, line in zip(paths, lines, strict=True)}


def policy(path: Path) -> str | None:
    """The outcome that the isolation policy states for a program, if it does."""
    first, _, _ = path.read_text(encoding="utf-8").partition("\n")
    return first.removeprefix(POLICY) if first.startswith(POLICY) else None


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_program_does_what_it_does_in_cpython(
    path: Path, box: Sandbox, in_cpython: dict[str, list[str]]
) -> None:
    """Same value and same output, or the outcome that the program's first line states."""
    (result,) = box.run([Job(path.stem, path.read_text(encoding="utf-8"), ("legal()",))])
    (call,) = result.calls

    if stated := policy(path):
        assert call.outcome == stated
    else:
        assert [call.value, call.stdout] == in_cpython[str(path)], call


def test_there_are_enough_of_them() -> None:
    """Nineteen such programs are known to fail under the guards of other scorers."""
    assert sum(policy(path) is None for path in PROGRAMS) >= 19
