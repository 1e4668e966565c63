"""The `pyx` command as a person meets it: what it prints and its exit code."""

import json
import subprocess
import sys
from pathlib import Path

import pytest


def pyx(
    *arguments: str, stdin: str = "", cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", "from pyx_dataset.cli import main; main()", *arguments],
        input=stdin, capture_output=True, text=True, cwd=cwd, check=False,
    )  # fmt: skip


@pytest.fixture
def program(tmp_path: Path) -> Path:
    file = tmp_path / "program.py"
    file.write_text(
        "def f(xs):\n    total = 0\n    for x in xs:\n        total += x\n    return total\n"
    )
    return file


def test_run_answers_in_input_order() -> None:
    """Two jobs, one result line each, values as CPython prints them."""
    jobs = [{"id": n, "code": "def f(x): return [x] * x", "calls": [f"f({n})"]} for n in (3, 1)]
    shown = pyx("run", stdin="\n".join(map(json.dumps, jobs)))
    results = [json.loads(line) for line in shown.stdout.splitlines()]

    assert [r["id"] for r in results] == ["3", "1"]
    assert [r["calls"][0]["value"] for r in results] == [repr([3] * 3), repr([1])]
    assert set(results[0]["calls"][0]) == {
        "outcome", "value", "exception", "stdout", "cpu_s", "wall_s",
    }  # fmt: skip


def test_narrated_text_passes_its_own_check(program: Path, tmp_path: Path) -> None:
    """`pyx narrate` then `pyx check`: exit code 0."""
    told = pyx("narrate", str(program), "f([4, -1])")
    (tmp_path / "told.txt").write_text(told.stdout)
    checked = pyx("check", str(program), "f([4, -1])", str(tmp_path / "told.txt"))

    assert told.returncode == 0
    assert checked.returncode == 0, checked.stdout


def test_a_false_claim_is_named(program: Path, tmp_path: Path) -> None:
    """Exit code 1, and the words that are wrong."""
    told = pyx("narrate", str(program), "f([4, -1])").stdout
    (tmp_path / "told.txt").write_text(
        told.replace("`total` is 3", "`total` is 9").replace("3", "9")
    )
    checked = pyx("check", str(program), "f([4, -1])", str(tmp_path / "told.txt"))

    assert checked.returncode == 1
    assert "contradicted" in checked.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["build", "--config", "nope"], "no config 'nope'"),
        (["build", "--seeds", "package:not-a-package-at-all"], "not-a-package-at-all"),
        (["build", "--seeds", "files:nowhere"], "nowhere"),
        (["build", "--seeds", "gopher:x"], "unknown seed source"),
        (["build", "--seeds", "package:toolz", "--out", "/proc/pyx"], "cannot write"),
        (["verify", "nowhere"], "nowhere"),
        (["trace", "nowhere.py", "f()"], "nowhere.py"),
        (["trace", "program.py", "f([1])", "--parts", "--format", "next"], "table or jsonl"),
        (["narrate", "program.py", "g(1)"], "g(1)"),
        (["narrate", "program.py", "f([1])", "--direction", "up"], "forward or backward"),
        (["run", "bad.jsonl"], "line 1 is not a job"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(
    arguments: list[str], said: str, program: Path, tmp_path: Path
) -> None:
    """What was asked and what would be right; no traceback; nothing half-written."""
    (tmp_path / "bad.jsonl").write_text("{}\n")
    before = sorted(tmp_path.iterdir())
    shown = pyx(*arguments, cwd=tmp_path)

    assert shown.returncode == 2
    assert said in shown.stderr
    assert "Traceback" not in shown.stderr
    assert sorted(path for path in tmp_path.iterdir() if path.name != "pyx") == before


def test_an_unknown_setting_is_an_error(tmp_path: Path) -> None:
    """A typo in a config never passes silently."""
    (tmp_path / "my.toml").write_text('seeds = ["package:toolz"]\nmax_cals = 3\n')
    shown = pyx("build", "--config", "my.toml", cwd=tmp_path)

    assert shown.returncode == 2
    assert "max_cals" in shown.stderr
    assert "max_calls" in shown.stderr
    assert not (tmp_path / "pyx").exists()


def test_doctor_says_how_well_this_machine_isolates() -> None:
    """The level is one of three words."""
    shown = pyx("doctor")

    assert shown.returncode == 0
    assert any(level in shown.stdout for level in ("strong", "no-files", "weak"))
