"""`monologue_faithfulness` for `evaluate`: does what a monologue says happen when the code runs?"""

import json
from collections.abc import Callable, Sequence
from typing import Any

import datasets
import evaluate

from pyx_dataset import Sandbox
from pyx_dataset.faithfulness import Account, Faithfulness, faithfulness
from pyx_dataset.grading import estimate

_DESCRIPTION = """
Share of the claims of a monologue that a trace of the call confirms, and share of monologues in
which it contradicts none. A claim states the value of a variable or an expression, a branch, a
number of passes, what is returned or raised. Only the program runs, in a sandbox.
"""

_INPUTS = """
references: list of {"code", "call"}; "direction" may be "backward"
predictions: list of list of str, the monologues about each call; None counts as unfaithful
workers: int, how many programs run at the same time
"""

_CITATION = """@article{ding2024semcoder,
  title = {SemCoder: Training Code Language Models with Comprehensive Semantics Reasoning},
  author = {Ding, Yangruibo and others},
  journal = {arXiv:2406.01006},
  year = {2024}
}"""

_SCORES: dict[str, Callable[[Faithfulness], float]] = {
    "faithful": lambda item: float(item.is_faithful),
    "claims_confirmed": lambda item: item.confirmed_share,
    "sentences_checked": lambda item: item.checked_share,
}


# `evaluate` is not typed, so its class is Any here; the same holds below.
class MonologueFaithfulness(evaluate.Metric):  # type: ignore[misc]
    """Claims of monologues against the run."""

    def _info(self) -> evaluate.MetricInfo:
        return evaluate.MetricInfo(
            description=_DESCRIPTION,
            citation=_CITATION,
            inputs_description=_INPUTS,
            features=datasets.Features(
                {"predictions": datasets.Value("string"), "references": datasets.Value("string")}
            ),
            reference_urls=["https://arxiv.org/abs/2406.01006"],
            license="Apache-2.0",
        )

    def add_batch(self, *, predictions: Sequence[Any], references: Sequence[Any]) -> None:
        """Take tasks as JSON: Arrow refuses a lone surrogate, which a model may well write."""
        _check(predictions, references)
        super().add_batch(
            predictions=[json.dumps(samples) for samples in predictions],
            references=[json.dumps(task) for task in references],
        )

    def add(self, *, prediction: Sequence[str | None], reference: dict[str, str]) -> None:
        """Take one task."""
        self.add_batch(predictions=[prediction], references=[reference])

    def _compute(
        self, predictions: list[str], references: list[str], workers: int = 1
    ) -> dict[str, Any]:
        tasks = [json.loads(text) for text in references]
        accounts = [
            Account(task["code"], task["call"], tuple(text or "" for text in json.loads(samples)),
                    task.get("direction", "forward"))
            for task, samples in zip(tasks, predictions, strict=True)
        ]  # fmt: skip
        if not all(account.texts for account in accounts):
            raise ValueError("a task without a sample has no score")
        with Sandbox(workers=workers) as sandbox:
            found = list(faithfulness(accounts, sandbox))
        # Calls of one program are not independent.
        return _scores(found, [task["code"] for task in tasks]) | {
            "results": [[_row(item) for item in samples] for samples in found]
        }


def _scores(found: list[tuple[Faithfulness, ...]], clusters: list[str]) -> dict[str, Any]:
    scores: dict[str, Any] = {}
    for name, score in _SCORES.items():
        means = [sum(map(score, samples)) / len(samples) for samples in found]
        scores |= estimate(name, means, clusters)
    return scores


def _row(item: Faithfulness) -> dict[str, Any]:
    return {
        "passed": item.is_faithful,
        "outcome": str(item.outcome),
        "reason": item.reason,
        "confirmed": item.confirmed,
        "contradicted": item.contradicted,
        "unchecked": item.unchecked,
    }


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
    for task in references:
        keys = task.keys() if isinstance(task, dict) else ()
        if missing := {"code", "call"} - set(keys):
            raise ValueError(f"a reference lacks {', '.join(sorted(missing))}: {task!r:.80}")
