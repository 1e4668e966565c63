"""CRUXEval and PYX for lighteval (``--custom-tasks``)."""

from functools import partial
from typing import Any

import numpy as np
from lighteval.metrics.metrics_sample import SampleLevelComputation
from lighteval.metrics.utils.metric_utils import SampleLevelMetric
from lighteval.models.model_output import ModelResponse
from lighteval.tasks.lighteval_task import LightevalTaskConfig
from lighteval.tasks.requests import Doc, SamplingMethod

from evaluation.adapters.calls import Row, as_row, passed
from evaluation.benchmarks import DATA
from evaluation.prompts import Style, ask, max_new_tokens, without_prefill
from evaluation.tasks import CallTask, Mode
from pyx_dataset.schema import Outcome


# lighteval is not typed, so its class is Any here.
class Grade(SampleLevelComputation):  # type: ignore[misc]
    """Right or wrong, as everywhere here."""

    def compute(self, doc: Doc, model_response: ModelResponse, **_: Any) -> float:
        """1.0 if the first sample is right; the rest of what lighteval hands over is not asked."""
        return float(passed(doc.specific, model_response.final_text[0]))


PASS = SampleLevelMetric(
    metric_name="pass@1",
    higher_is_better=True,
    category=SamplingMethod.GENERATIVE,
    sample_level_fn=Grade(),
    corpus_level_fn=np.mean,
)


def cruxeval_task(row: Row, mode: Mode) -> CallTask:
    """A row of CRUXEval as published."""
    call = f"f({row['input']})"
    return CallTask(row["id"], row["id"], mode, row["code"], "f", call, row["output"])


def pyx_task(row: Row, mode: Mode) -> CallTask | None:
    """A row of PYX's config ``executions``; None where the call did not return."""
    if row["outcome"] != Outcome.RETURNED:
        return None
    names = ("code", "entry_point", "call", "value")
    return CallTask(row["id"], row["program_id"], mode, *(row[name] for name in names))


SOURCES = {"cruxeval": (cruxeval_task, "default"), "pyx": (pyx_task, "executions")}


def as_doc(row: Row, name: str, source: str, mode: Mode, style: Style) -> Doc | None:
    """A task as lighteval puts it to a model; it starts no turn of the assistant."""
    task = SOURCES[source][0](row, mode)
    if task is None:
        return None
    asked = as_row(task, without_prefill(ask(task, style)))
    return Doc(
        query=asked["prompt"],
        choices=[asked["gold"]],
        gold_index=0,
        specific=asked,
        task_name=name,
    )


def task_config(source: str, mode: Mode, style: Style) -> LightevalTaskConfig:
    """Such as ``pyx:cruxeval_output`` and ``pyx:cruxeval_output_monologue``."""
    suffix = "" if style == "direct" else f"_{style}"
    example = CallTask("", "", mode, "", "f", "f()", "None")
    return LightevalTaskConfig(
        name=f"pyx:{source}_{mode}{suffix}",
        prompt_function=partial(as_doc, source=source, mode=mode, style=style),
        hf_repo=DATA[f"{source}-{mode}"],
        hf_subset=SOURCES[source][1],
        hf_avail_splits=["test"],
        evaluation_splits=["test"],
        metrics=[PASS],
        generation_size=max_new_tokens(example, style),
        stop_sequence=without_prefill(ask(example, style)).stops,
        version=1,
    )


MODES: tuple[Mode, ...] = ("output", "input")
ASKED: tuple[Style, ...] = ("direct", "monologue")
TASKS_TABLE = [
    task_config(source, mode, style) for source in SOURCES for mode in MODES for style in ASKED
]
