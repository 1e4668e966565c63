"""Traces of hand-written programs, one file for each Python: any change of a record shows here.

``UPDATE_GOLDEN=1 pytest tests/traces/test_golden_traces.py`` writes them anew.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import pyx_dataset

GOLDEN = Path(__file__).parents[1] / "golden"
PROGRAMS = sorted((GOLDEN / "programs").glob("*.py"))
FORMS = sorted(Path(__file__).with_name("forms").glob("*.py"))
RUNNING = f"{sys.version_info.major}.{sys.version_info.minor}"
VERSIONS = ["3.11", "3.12", "3.13"]


@pytest.fixture(scope="module", params=VERSIONS)
def recorded(request: pytest.FixtureRequest) -> tuple[str, dict[str, Any]]:
    """What one Python records now: version, and the steps by topic and call."""
    version = str(request.param)
    python = sys.executable if version == RUNNING else shutil.which(f"python{version}")
    command = [str(python), "-I", str(GOLDEN / "record.py"), pyx_dataset.__path__[0]]
    command += map(str, [*PROGRAMS, *FORMS])
    ran = subprocess.run(
        command, capture_output=True, text=True, check=version == RUNNING
    ) if python else None  # fmt: skip
    if ran is None or ran.returncode == 127:
        pytest.skip(f"no Python {version} here")
    assert ran.returncode == 0, ran.stderr
    return version, json.loads(ran.stdout)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_traces_are_the_golden_ones(recorded: tuple[str, dict[str, Any]], program: Path) -> None:
    """Each call of the program gives the steps that are on file for this Python."""
    version, traces = recorded
    path = GOLDEN / "traces" / version / f"{program.stem}.json"
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(laid_out(traces[program.stem]))
    assert traces[program.stem] == json.loads(path.read_text())


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_all_versions_record_the_same(program: Path) -> None:
    """Comprehensions inlined or not, loops compiled this way or that: one path, one record."""
    texts = {
        (GOLDEN / "traces" / version / f"{program.stem}.json").read_text() for version in VERSIONS
    }
    assert len(texts) == 1


def test_noting_parts_changes_nothing(recorded: tuple[str, dict[str, Any]]) -> None:
    """On each Python, every form of the language takes its steps; `record.py` fails on others."""
    _, traces = recorded

    assert all(traces[program.stem] for program in FORMS)


def laid_out(traces: dict[str, list[Any]]) -> str:
    """JSON with one step on a line."""
    calls = (
        f"{json.dumps(call)}: [\n" + ",\n".join(f"  {json.dumps(step)}" for step in steps) + "\n]"
        for call, steps in traces.items()
    )
    return "{\n" + ",\n".join(calls) + "\n}\n"
