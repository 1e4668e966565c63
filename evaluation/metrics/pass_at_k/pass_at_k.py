"""`pass_at_k` for `evaluate`: do candidate programs pass their tests?"""

import json
from collections.abc import Sequence
from math import isnan
from typing import Any

import datasets
import evaluate

from pyx_dataset import Sandbox
from pyx_dataset.grading import Verdict, grade_programs, mean_and_stderr, pass_at_k
from pyx_dataset.sandbox.judge import TestCase

_DESCRIPTION = """
Chance that at least one of k candidate programs passes the tests of a task. The tests run in a
process that the candidate cannot reach, so exit codes, prints and objects that claim to be equal
to everything do not pass.
"""

_INPUTS = """
references: list of str, the test source of each task: asserts, or HumanEval's check(candidate)
predictions: list of list of str, the candidate sources for each task; None counts as wrong
k: list of int, default [1]
entry_points: list of str, the function each test source checks; needed for check(candidate)
workers: int, how many candidates run at the same time
"""

_CITATION = """@article{chen2021codex,
  title = {Evaluating Large Language Models Trained on Code},
  author = {Chen, Mark and others},
  journal = {arXiv:2107.03374},
  year = {2021}
}"""


# `evaluate` is not typed, so its class is Any here; the same holds below.
class PassAtK(evaluate.Metric):  # type: ignore[misc]
    """Pass@k over assert-style tests."""

    def _info(self) -> evaluate.MetricInfo:
        return evaluate.MetricInfo(
            description=_DESCRIPTION,
            citation=_CITATION,
            inputs_description=_INPUTS,
            features=datasets.Features(
                {"predictions": datasets.Value("string"), "references": datasets.Value("string")}
            ),
            reference_urls=["https://arxiv.org/abs/2107.03374"],
            license="Apache-2.0",
        )

    def add_batch(self, *, predictions: Sequence[Any], references: Sequence[Any]) -> None:
        """Take tasks as JSON: Arrow refuses a lone surrogate, which a model may well write."""
        if not predictions:
            raise ValueError("nothing to score: predictions is empty")
        super().add_batch(
            predictions=[json.dumps(candidates) for candidates in predictions],
            references=[json.dumps(test) for test in references],
        )

    def add(self, *, prediction: Sequence[str | None], reference: str) -> None:
        """Take one task."""
        self.add_batch(predictions=[prediction], references=[reference])

    def _compute(
        self,
        predictions: list[str],
        references: list[str],
        k: Sequence[int] = (1,),
        entry_points: Sequence[str] | None = None,
        workers: int = 1,
    ) -> dict[str, Any]:
        candidates = [json.loads(text) for text in predictions]
        tests = [json.loads(text) for text in references]
        names: Sequence[str | None] = entry_points or [None] * len(tests)
        _check_k(candidates, k)
        cases = (
            TestCase(f"{task}.{sample}", source or "", test, name)
            for task, (sources, test, name) in enumerate(zip(candidates, tests, names, strict=True))
            for sample, source in enumerate(sources)
        )
        with Sandbox(workers=workers) as sandbox:
            verdicts = grade_programs(cases, sandbox)
            results = [[_row(next(verdicts)) for _ in sources] for sources in candidates]
        return _scores(results, [str(task) for task in range(len(results))], k)


def _check_k(samples: list[list[Any]], k: Sequence[int]) -> None:
    fewest = min(map(len, samples))
    if max(k) > fewest or min(k) < 1:
        raise ValueError(f"pass@{max(k)} is undefined where a task has {fewest} samples")


def _row(verdict: Verdict) -> dict[str, Any]:
    outcome = str(verdict.outcome)
    return {"passed": verdict.passed, "outcome": outcome, "reason": verdict.reason}


def _scores(
    results: list[list[dict[str, Any]]], clusters: list[str], k: Sequence[int]
) -> dict[str, Any]:
    scores: dict[str, Any] = {}
    for count in k:
        estimates = [
            pass_at_k(len(rows), sum(row["passed"] for row in rows), count) for rows in results
        ]
        mean, stderr = mean_and_stderr(estimates, clusters)
        scores[f"pass@{count}"] = mean
        scores[f"pass@{count}_stderr"] = None if isnan(stderr) else stderr
    return scores | {"results": results}
