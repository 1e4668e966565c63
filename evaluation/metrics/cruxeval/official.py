"""The numbers that two published scorers give, with the faults by which they differ from ours.

Only for comparison with published figures; the card lists the faults. What a model wrote runs
here, as it does there, but in the sandbox and with a limit of CPU time in place of three seconds.
"""

from collections.abc import Callable, Sequence
from typing import Any

from pyx_dataset import Sandbox
from pyx_dataset.grading import Verdict, as_row, estimate, grade_programs
from pyx_dataset.sandbox.judge import TestCase
from pyx_dataset.schema import Outcome

Reader = Callable[[str, str], str]
"""From a model's text and the mode to the expression that is scored."""


def as_cruxeval(text: str, mode: str) -> str:
    """
    The answer as CRUXEval's own inference code cuts it out; a bare one is taken as it is.

    >>> as_cruxeval("[ANSWER]assert f('a') == 'b'[/ANSWER]", "output")
    "'b'"
    """
    tagged = text.split("[ANSWER]")
    text = tagged[min(1, len(tagged) - 1)].split("[/ANSWER]")[0].strip()
    return _side(text, mode) if len(tagged) > 1 or "assert" in text else text


def as_semcoder(text: str, mode: str) -> str:
    r"""
    The answer as SemCoder's evaluation cuts it out: every double quote becomes a single one.

    A text without the tag loses its first seven characters there, and here.

    >>> as_semcoder('[ANSWER] assert f(1) == "it\'s" [/ANSWER]', "output")
    "'it's'"
    """
    start = text.rfind("[ANSWER]") + len("[ANSWER]")
    end = text.rfind("[/ANS")
    return _side(text[start : end if end >= start else None], mode).replace('"', "'")


READERS: dict[str, Reader] = {"official": as_cruxeval, "semcoder": as_semcoder}


def official(
    tasks: Sequence[dict[str, str]],
    answers: Sequence[Sequence[str]],
    mode: str,
    k: Sequence[int],
    read: Reader,
    sandbox: Sandbox,
) -> dict[str, Any]:
    """Scores as published, between 0 and 1; a sample that is not run says so in its reason."""
    texts = [[read(answer, mode) for answer in samples] for samples in answers]
    cases = (
        TestCase(f"{number}", f"{task['code']}\nassert {task['output']} == {text}", test="")
        for number, (task, samples) in enumerate(zip(tasks, texts, strict=True))
        for text in samples
        if not _skipped(task, text, mode)
    )
    ran = grade_programs(cases, sandbox)
    skip = Verdict(False, Outcome.INVALID, "not run, as the published scorer does not")
    found = [
        [skip if _skipped(task, text, mode) else next(ran) for text in samples]
        for task, samples in zip(tasks, texts, strict=True)
    ]
    counted = [_counted(samples, skip) for samples in found]
    clusters = [task["code"] for task in tasks]
    scores: dict[str, Any] = {}
    for count in k:
        estimates = [_unguarded_pass_at_k(len(row), sum(row), count) for row in counted]
        scores |= estimate(f"pass@{count}", estimates, clusters)
    return scores | {"results": [[as_row(item) for item in samples] for samples in found]}


def _side(text: str, mode: str) -> str:
    """The side of the assertion that was asked for; ``==`` inside a string cuts too."""
    parts = text.split("==")
    if len(parts) > 1:
        text = parts[1] if mode == "output" else parts[0]
    return (text.split("assert")[1] if "assert" in text else text).strip()


def _skipped(task: dict[str, str], text: str, mode: str) -> bool:
    return f"f({task['input']})" in text if mode == "output" else "f(" not in text


def _counted(samples: Sequence[Verdict], skip: Verdict) -> list[bool]:
    """Those that it did not run leave the count, unless none passed."""
    ran = [item.passed for item in samples if item is not skip]
    return ran if True in ran else [False] * len(samples)


def _unguarded_pass_at_k(n: int, c: int, k: int) -> float:
    """The estimator without its domain: 1.0 for any `k` above the number of wrong samples."""
    if n - c < k:
        return 1.0
    miss = 1.0
    for left in range(n - c + 1, n + 1):
        miss *= 1.0 - k / left
    return 1.0 - miss
