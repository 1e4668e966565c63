"""Ours: the same jobs through `Sandbox.run`, or HumanEval's tests through `judge`."""

import json
import sys
import time
from collections.abc import Iterator
from typing import Any

from pyx_dataset import Job, Limits, Sandbox
from pyx_dataset.sandbox.judge import TestCase, judge

LIMITS = Limits(cpu_s=20.0, wall_s=60.0, value_chars=1_000_000)


def main() -> None:
    """Run every job or test case so many rounds and say how many were right."""
    work = json.load(sys.stdin)
    started = time.monotonic()
    with Sandbox(workers=work.get("workers", 1), limits=LIMITS, require="strong") as box:
        right = sum(judged(work, box) if "tests" in work else compared(work, box))
    print(json.dumps({"right": right, "wall_s": time.monotonic() - started, "rss_mib": rss()}))


def compared(work: dict[str, Any], box: Sandbox) -> Iterator[bool]:
    """Whether all calls of each job gave the expected values."""
    rounds = range(work["rounds"])
    # By place, not by name: a list of all results to come would be the memory that is measured.
    expected = (job["expected"] for _ in rounds for job in work["jobs"])
    jobs = (
        Job(job["id"], f"{job['code']}\n# {turn}\n", tuple(job["calls"]))
        for turn in rounds
        for job in work["jobs"]
    )
    for result, values in zip(box.run(jobs), expected, strict=True):
        yield [call.value for call in result.calls] == values


def judged(work: dict[str, Any], box: Sandbox) -> Iterator[bool]:
    """Whether each reference passes its tests."""
    cases = (TestCase(**test) for _ in range(work["rounds"]) for test in work["tests"])
    for verdict in judge(cases, box):
        yield verdict.passed


def rss() -> float:
    """Resident memory of this process, in MiB."""
    with open("/proc/self/status", encoding="ascii") as file:  # noqa: PTH123  (a kernel file)
        line = next(line for line in file if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main()
