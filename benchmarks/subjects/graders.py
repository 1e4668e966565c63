"""Ours: answers to CRUXEval's tasks through `pyx_dataset.grading`."""

import json
import sys
from collections.abc import Iterator
from typing import Any

from pyx_dataset import Sandbox
from pyx_dataset.grading import InputTask, Verdict, grade_inputs, grade_output


def main() -> None:
    """Grade every answer so many rounds and say how many were right."""
    work = json.load(sys.stdin)
    right = sum(verdict.passed for verdict in graded(work))
    print(json.dumps({"right": right}))


def graded(work: dict[str, Any]) -> Iterator[Verdict]:
    """The verdicts."""
    tasks = [
        task | {"code": f"{task['code']}\n# {turn}\n"}  # or what is known of a program helps
        for turn in range(work["rounds"])
        for task in work["tasks"]
    ]
    if work["mode"] == "output":
        for task in tasks:
            yield grade_output(task["code"], task["call"], task["value"], task["answer"])
        return
    with Sandbox(require="strong") as box:
        proposed = (InputTask(task["code"], task["value"], task["answer"], "f") for task in tasks)
        yield from grade_inputs(proposed, box)


if __name__ == "__main__":
    main()
