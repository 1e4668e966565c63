"""`pass_at_k` for `evaluate`: do candidate programs pass their tests?"""

import json
import os
from collections.abc import Sequence
from typing import Any

import datasets
import evaluate

from pyx_dataset import Sandbox
from pyx_dataset.grading import grade_programs, pass_at_k, score
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

_GATE = "HF_ALLOW_CODE_EVAL"


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
        _check(predictions, references)
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
        # The switch that users of `code_eval` know: programs that a model wrote are about to run.
        if os.environ.get(_GATE) != "1":
            raise ValueError(
                f"pass_at_k runs programs of a model, in a sandbox; set {_GATE}=1 to allow it"
            )
        candidates = [json.loads(text) for text in predictions]
        tests = [json.loads(text) for text in references]
        if entry_points and len(entry_points) != len(tests):
            raise ValueError(f"{len(entry_points)} entry_points for {len(tests)} tasks")
        names: Sequence[str | None] = entry_points or [None] * len(tests)
        for sources in candidates:
            for count in k:
                pass_at_k(len(sources), 0, count)  # undefined is said before anything runs
        cases = (
            TestCase(f"{task}.{sample}", source or "", test, name)
            for task, (sources, test, name) in enumerate(zip(candidates, tests, names, strict=True))
            for sample, source in enumerate(sources)
        )
        with Sandbox(workers=workers) as sandbox:
            verdicts = grade_programs(cases, sandbox)
            found = [[next(verdicts) for _ in sources] for sources in candidates]
        return score(found, [str(task) for task in range(len(found))], k)


def _check(predictions: Sequence[Any], references: Sequence[Any]) -> None:
    if not predictions:
        raise ValueError("nothing to score: predictions is empty")
    if len(predictions) != len(references):
        raise ValueError(f"{len(predictions)} predictions for {len(references)} references")
    for samples in predictions:
        if not isinstance(samples, list | tuple) or not all(
            item is None or isinstance(item, str) for item in samples
        ):
            raise ValueError(f"a prediction is a list of str or None, got {samples!r:.80}")
    for test in references:
        if not isinstance(test, str):
            raise ValueError(f"a reference is the source of a test, got {test!r:.80}")
