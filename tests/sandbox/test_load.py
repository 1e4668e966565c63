"""A busy machine changes how long a verdict takes, and nothing else."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pyx_dataset.config import Limits
from pyx_dataset.sandbox.judge import Judged, TestCase, judge
from pyx_dataset.sandbox.pool import Job, Sandbox

TESTS = Path(__file__).parents[1]
HOSTILE = sorted((TESTS / "hostile" / "programs").glob("*.py"))
LEGAL = sorted((TESTS / "sandbox" / "legal").glob("*.py"))
LIMITS = Limits(cpu_s=0.4, wall_s=8.0, memory_mib=128)
BUSY = 8
CLOSE = """
import time
def f(share):
    end = time.process_time() + share * 0.4
    while time.process_time() < end: pass
    return share
"""
"""Uses a share of its CPU time: a limit of wall time would decide by the load."""


@contextmanager
def busy(processes: int) -> Iterator[None]:
    """So many processes that compute without end beside the test."""
    burning = [subprocess.Popen([sys.executable, "-c", "while 1: pass"]) for _ in range(processes)]
    try:
        yield
    finally:
        for process in burning:
            process.kill()
            process.wait()


def outcomes() -> dict[str, tuple[str, str | None]]:
    """How each program of both collections ends, and what it gives."""
    jobs = [
        Job(path.stem, code, (call,))
        for paths, call in ((HOSTILE, "attack()"), (LEGAL, "legal()"))
        for path in paths
        if " | " not in (code := path.read_text(encoding="utf-8")).partition("\n")[0]
        and not any(victim in code for victim in ("VICTIM", "HOST", "PORT"))
    ]
    jobs += [Job(f"close {share}", CLOSE, (f"f({share})",)) for share in (0.5, 0.7, 0.9, 1.5)]
    with Sandbox(workers=2, limits=LIMITS) as box:
        results = list(box.run(jobs))
    return {item.id: (str(item.calls[0].outcome), item.calls[0].value) for item in results}


def verdicts() -> list[Judged]:
    """What tests say of candidates that are quick, slow, wrong, endless or use most of the time."""
    candidates = [
        "def f(x): return x",
        "def f(x): return x + 1",
        "def f(x):\n    while True: pass",
        CLOSE.replace("share * 0.4", "0.08"),
        CLOSE.replace("share * 0.4", "0.3"),
    ]
    test = "def check(candidate):\n" + "".join(
        f"    assert candidate({n}) == {n}\n" for n in range(4)
    )
    cases = [TestCase(str(n), code, test, "f") for n, code in enumerate(candidates)]
    with Sandbox(workers=2, limits=LIMITS) as box:
        return list(judge(cases, box))


@pytest.mark.slow
def test_outcomes_are_the_same_under_load() -> None:
    """Every program that has one possible end comes to it, alone and beside eight busy ones."""
    alone = outcomes()
    with busy(BUSY):
        beside_others = outcomes()

    assert beside_others == alone
    assert len(alone) > 100


@pytest.mark.slow
def test_verdicts_are_the_same_under_load() -> None:
    """Judged with what is foreseen of their tests, candidates pass or fail for the same reasons."""
    alone = verdicts()
    with busy(BUSY):
        beside_others = verdicts()

    assert beside_others == alone
    assert [item.passed for item in alone] == [True, False, False, True, False]
