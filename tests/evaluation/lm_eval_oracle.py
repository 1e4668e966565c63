"""Run by a Python that has lm-eval: a model that knows every answer, and what it scores.

python lm_eval_oracle.py CRUXEVAL_FILE TASK,TASK
"""

import json
import sys
from typing import Any

import lm_eval
from lm_eval.api.model import LM
from lm_eval.tasks import TaskManager


class Oracle(LM):  # type: ignore[misc]
    """Goes on from where the prompt stops, up to the first stop."""

    def generate_until(self, requests: list[Any], **_: Any) -> list[str]:
        """The gold answer of each row."""
        return [self.answer(request.doc, *request.args) for request in requests]

    def answer(self, row: dict[str, str], context: str, options: dict[str, Any]) -> str:
        """What is left of the gold answer behind what the context gives away."""
        assert row["prompt"] in context
        assert context.endswith(row["prefill"])
        text = row["gold"].removeprefix(row["prefill"])
        # A stop that the text begins with would end it before it says anything.
        for stop in options["until"] if row["prefill"] else ():
            text = text.partition(stop)[0]
        return text

    def loglikelihood(self, requests: list[Any], **_: Any) -> list[Any]:
        """Never asked."""
        raise NotImplementedError

    loglikelihood_rolling = loglikelihood


if __name__ == "__main__":
    found = lm_eval.simple_evaluate(
        model=Oracle(),
        tasks=sys.argv[2].split(","),
        task_manager=TaskManager(
            include_path="evaluation/adapters/lm_eval",
            include_defaults=False,
            metadata={"cruxeval": sys.argv[1]},
        ),
    )
    sys.stdout.write(
        json.dumps({name: row["pass@1,none"] for name, row in found["results"].items()})
    )
