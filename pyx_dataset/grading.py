"""Read an answer, decide right or wrong, estimate pass@k: the one definition of right.

The build, the rewards and the metrics all ask here. Two rules make a verdict worth having:
model text is parsed and never executed, and what a program computed is compared in this
process, as plain data of exact types, so that no object of the program takes part.
"""

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import comb, isnan, nan, sqrt
from typing import Any

from pyx_dataset.answers import proposed_call, read_answer, statement, unparse
from pyx_dataset.sandbox.judge import TestCase, judge
from pyx_dataset.sandbox.pool import Job, Sandbox
from pyx_dataset.schema import Outcome
from pyx_dataset.traces.values import parse


@dataclass(frozen=True, slots=True)
class Verdict:
    """Right or wrong, and why."""

    passed: bool
    outcome: Outcome
    """``invalid`` where there was no answer to grade; else how the graded run ended."""
    reason: str
    """Empty when passed; otherwise one sentence."""


@dataclass(frozen=True, slots=True)
class InputTask:
    """An input that a model proposed for a known output."""

    code: str
    output: str
    answer: str
    entry_point: str | None = None
    """None: ``f`` where the code defines it, as in CRUXEval, else its last function."""


def same(left: object, right: object) -> bool:
    """
    Are two plain values equal *and* of equal types all the way down?

    NaN equals NaN, ``-0.0`` differs from ``0.0``, ``True`` is not ``1``; the order of a
    dict does not count, as in Python's own ``==``.

    >>> same([1, 2.0], [1, 2.0]), same([1], [True]), same({"a": 1, "b": 2}, {"b": 2, "a": 1})
    (True, False, True)
    """
    return _form(left) == _form(right)


def _form(value: object) -> tuple[str, Any]:
    """A hashable stand-in that is equal exactly where `same` holds."""
    kind = type(value).__name__
    match value:
        case list() | tuple():
            return kind, tuple(_form(item) for item in value)
        case set() | frozenset():
            return kind, frozenset(_form(item) for item in value)
        case dict():
            return kind, frozenset((_form(key), _form(item)) for key, item in value.items())
    # `repr` of a float or a complex is exact, tells -0.0 from 0.0, and makes NaN equal itself.
    return kind, repr(value) if isinstance(value, float | complex) else value


def grade_output(code: str, input: str, output: str, answer: str) -> Verdict:
    """
    Is `answer` the value of the call? Output prediction, as in CRUXEval-O.

    Runs nothing: `answer` must be one literal, alone or as ``assert f(...) == LITERAL``.

    Args:
        code: The program; unused, kept so that both graders take a task's fields.
        input: The arguments; unused likewise.
        output: The true value, as a literal.
        answer: The model's text, with or without answer tags.

    Raises:
        ValueError: `output` is not a literal, which is the benchmark's fault.

    >>> code = "def f(x): return x"
    >>> grade_output(code, "1", "'no'", "assert f(1) == 'no' or True").passed
    False
    """
    truth = parse(output)
    try:
        node = statement(read_answer(answer))
        if isinstance(node, ast.Compare):
            if len(node.ops) != 1 or not isinstance(node.ops[0], ast.Eq):
                raise ValueError("the answer is not one `==`")
            node = node.comparators[0]
        value = parse(unparse(node))
    except ValueError as exc:
        return Verdict(False, Outcome.INVALID, f"no literal answer: {exc}")
    if same(value, truth):
        return Verdict(True, Outcome.RETURNED, "")
    return Verdict(False, Outcome.RETURNED, "another value")


def grade_input(
    code: str, output: str, answer: str, sandbox: Sandbox, entry_point: str | None = None
) -> Verdict:
    """
    Does the call that `answer` proposes give `output`? Input prediction, as in CRUXEval-I.

    Any input that gives the output is right. Only the benchmark's function runs, in the
    sandbox, on values (`pyx_dataset.answers` says which).

    Raises:
        ValueError: `output` is not a literal, which is the benchmark's fault.
        SandboxError: the sandbox failed; never a verdict.
    """
    return next(grade_inputs([InputTask(code, output, answer, entry_point)], sandbox))


def grade_inputs(tasks: Iterable[InputTask], sandbox: Sandbox) -> Iterator[Verdict]:
    """`grade_input` for many, in order, on all workers of `sandbox`."""
    tasks = list(tasks)
    truths = [parse(task.output) for task in tasks]
    calls = [_proposed(task) for task in tasks]
    jobs = (
        Job(str(index), task.code, (call,))
        for index, (task, call) in enumerate(zip(tasks, calls, strict=True))
        if isinstance(call, str)
    )
    results = sandbox.run(jobs)
    for truth, call in zip(truths, calls, strict=True):
        if isinstance(call, Verdict):
            yield call
            continue
        result = next(results).calls[0]
        if result.outcome is not Outcome.RETURNED or result.value is None:
            yield Verdict(False, result.outcome, result.exception or str(result.outcome))
        elif same(parse(result.value), truth):
            yield Verdict(True, Outcome.RETURNED, "")
        else:
            yield Verdict(False, Outcome.RETURNED, f"gives {result.value[:200]}")


def grade_programs(cases: Iterable[TestCase], sandbox: Sandbox) -> Iterator[Verdict]:
    """
    Does each candidate pass its assert-style tests? Tests as in HumanEval and MBPP.

    The tests run in a process that the candidate cannot reach (`pyx_dataset.sandbox.judge`).
    """
    for judged in judge(cases, sandbox):
        yield Verdict(judged.passed, judged.outcome, judged.reason)


def pass_at_k(n: int, c: int, k: int) -> float:
    """
    Chance that `k` samples drawn without replacement hold a correct one, given `c` correct of `n`.

    The unbiased estimator ``1 - C(n-c, k) / C(n, k)`` of Chen et al. 2021, eq. 1
    (https://arxiv.org/abs/2107.03374).

    Raises:
        ValueError: `k` > `n`, where the estimate does not exist. Better no number than
            the 1.0 that the formula would otherwise give.

    >>> pass_at_k(n=10, c=3, k=1)
    0.3
    """
    if not (0 <= c <= n and 1 <= k <= n):
        raise ValueError(f"pass@{k} is undefined for {c} correct of {n} samples")
    return (comb(n, k) - comb(n - c, k)) / comb(n, k)


def mean_and_stderr(scores: Sequence[float], clusters: Sequence[str]) -> tuple[float, float]:
    """
    Mean of `scores` and its standard error, clustered.

    Calls of one program are not independent, so deviations are first summed within each
    cluster (Miller 2024, https://arxiv.org/abs/2411.00640, section 2.2). We multiply by
    ``G / (G - 1)`` for ``G`` clusters, so that clusters of one give the usual standard
    error. With fewer than two clusters the standard error is NaN: it cannot be known.

    >>> mean_and_stderr([1.0, 0.0, 1.0, 1.0], ["a", "b", "c", "d"])
    (0.75, 0.25)
    """
    if len(scores) != len(clusters) or not scores:
        raise ValueError(f"need as many clusters as scores, got {len(clusters)} and {len(scores)}")
    mean = sum(scores) / len(scores)
    deviations: dict[str, float] = defaultdict(float)
    for score, cluster in zip(scores, clusters, strict=True):
        deviations[cluster] += score - mean
    groups = len(deviations)
    if groups < 2:
        return mean, nan
    variance = sum(deviation**2 for deviation in deviations.values()) * groups / (groups - 1)
    return mean, sqrt(variance) / len(scores)


def score(
    verdicts: Sequence[Sequence[Verdict]], clusters: Sequence[str], k: Sequence[int] = (1,)
) -> dict[str, Any]:
    """
    Pass@k over tasks with its standard error, and every verdict, as data that JSON can hold.

    Args:
        verdicts: For each task, one for each of its samples; every sample counts.
        clusters: For each task the program it is about.
        k: Which estimates to give.

    Raises:
        ValueError: nothing to score, or a task has fewer samples than one of `k`.
    """
    if not verdicts or not k:
        raise ValueError("nothing to score: no tasks" if k else "nothing to score: k is empty")
    scores: dict[str, Any] = {}
    for count in k:
        estimates = [
            pass_at_k(len(samples), sum(item.passed for item in samples), count)
            for samples in verdicts
        ]
        scores |= estimate(f"pass@{count}", estimates, clusters)
    return scores | {"results": [[as_row(item) for item in samples] for samples in verdicts]}


def estimate(name: str, scores: Sequence[float], clusters: Sequence[str]) -> dict[str, Any]:
    """The mean of `scores` and its clustered standard error, None where that is unknown."""
    mean, stderr = mean_and_stderr(scores, clusters)
    return {name: mean, f"{name}_stderr": None if isnan(stderr) else stderr}


def as_row(verdict: Verdict) -> dict[str, Any]:
    """One sample of a metric's ``"results"``."""
    outcome = str(verdict.outcome)
    return {"passed": verdict.passed, "outcome": outcome, "reason": verdict.reason}


def _proposed(task: InputTask) -> str | Verdict:
    """The call that an answer proposes, or a verdict if it proposes none."""
    try:
        return proposed_call(task.code, task.answer, task.entry_point)
    except ValueError as exc:
        return Verdict(False, Outcome.INVALID, f"no input: {exc}")
