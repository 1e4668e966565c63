"""`cruxeval` for `evaluate`: does a model know what a call returns, or what gives a value?"""

import json
import os
from collections.abc import Iterator, Sequence
from typing import Any

import datasets
import evaluate

from pyx_dataset import Sandbox
from pyx_dataset.grading import (
    InputTask,
    Verdict,
    grade_inputs,
    grade_output,
    pass_at_k,
    score,
)

# `evaluate` copies only what is imported so, and takes a comment behind it for an address.
from .official import READERS, official

_DESCRIPTION = """
Output prediction (mode "output"): the answer is the value of the call. It is read as a literal
and compared by exact type; no text of the model runs. Input prediction (mode "input"): the answer
is a call of the program that gives the output, any such call; the program runs in a sandbox.
"""

_INPUTS = """
references: list of {"code", "input", "output"}; input and output are Python source, and
    "entry_point" may name the function where it is not the only candidate
predictions: list of list of str, the answers to each task, bare or in [ANSWER] tags; None is wrong
mode: "output" or "input"
k: list of int, default [1]
workers: int, how many programs run at the same time in mode "input"
compat: "official" or "semcoder" gives the numbers that those published scorers give, faults
    included; default None
"""

_CITATION = """@article{gu2024cruxeval,
  title = {CRUXEval: A Benchmark for Code Reasoning, Understanding and Execution},
  author = {Gu, Alex and others},
  journal = {arXiv:2401.03065},
  year = {2024}
}"""

_GATE = "HF_ALLOW_CODE_EVAL"


# `evaluate` is not typed, so its class is Any here; the same holds below.
class Cruxeval(evaluate.Metric):  # type: ignore[misc]
    """Pass@k over execution predictions."""

    def _info(self) -> evaluate.MetricInfo:
        return evaluate.MetricInfo(
            description=_DESCRIPTION,
            citation=_CITATION,
            inputs_description=_INPUTS,
            features=datasets.Features(
                {"predictions": datasets.Value("string"), "references": datasets.Value("string")}
            ),
            reference_urls=["https://arxiv.org/abs/2401.03065"],
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
        self,
        predictions: list[str],
        references: list[str],
        mode: str = "output",
        k: Sequence[int] = (1,),
        workers: int = 1,
        compat: str | None = None,
    ) -> dict[str, Any]:
        answers = [[answer or "" for answer in json.loads(text)] for text in predictions]
        tasks = [json.loads(text) for text in references]
        if mode not in ("output", "input"):
            raise ValueError(f"unknown mode {mode!r}; known: output, input")
        if compat is not None:
            if compat not in READERS:
                raise ValueError(f"unknown compat {compat!r}; known: {', '.join(READERS)}")
            if os.environ.get(_GATE) != "1":
                raise ValueError(
                    f"compat={compat!r} runs what a model wrote, in a sandbox; "
                    f"set {_GATE}=1 to allow it"
                )
            with Sandbox(workers=workers) as sandbox:
                return official(tasks, answers, mode, k, READERS[compat], sandbox)
        for samples in answers:
            for count in k:
                pass_at_k(len(samples), 0, count)  # undefined is said before anything runs
        verdicts = _verdicts(tasks, answers, mode, workers)
        found = [[next(verdicts) for _ in samples] for samples in answers]
        # Calls of one program are not independent.
        return score(found, [task["code"] for task in tasks], k)


def _verdicts(
    tasks: list[dict[str, str]], answers: list[list[str]], mode: str, workers: int
) -> Iterator[Verdict]:
    """One verdict for each sample, task by task."""
    pairs = [(task, one) for task, samples in zip(tasks, answers, strict=True) for one in samples]
    if mode == "output":
        for task, answer in pairs:
            yield grade_output(task["code"], task["input"], task["output"], answer)
        return
    proposed = (
        InputTask(task["code"], task["output"], answer, task.get("entry_point"))
        for task, answer in pairs
    )
    with Sandbox(workers=workers) as sandbox:
        yield from list(grade_inputs(proposed, sandbox))


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
        if missing := {"code", "input", "output"} - set(keys):
            raise ValueError(f"a reference lacks {', '.join(sorted(missing))}: {task!r:.80}")
