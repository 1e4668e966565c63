"""A page to try the metric on; start it with ``python app.py``."""

import os
from pathlib import Path
from typing import Any

import evaluate
import gradio

os.environ["HF_ALLOW_CODE_EVAL"] = "1"  # whoever starts a page to run programs has asked for it
metric = evaluate.load(str(Path(__file__).with_name("pass_at_k.py")))


def score(test: str, candidate: str) -> dict[str, Any]:
    """Grade one candidate."""
    result: dict[str, Any] = metric.compute(references=[test], predictions=[[candidate]])
    return result


page = gradio.Interface(
    fn=score,
    title="pass_at_k",
    inputs=[
        gradio.Code("assert add(2, 3) == 5", language="python", label="test"),
        gradio.Code("def add(a, b):\n    return a + b", language="python", label="candidate"),
    ],
    outputs="json",
)

if __name__ == "__main__":
    page.launch(show_error=True)
