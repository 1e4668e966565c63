"""A page to try the metric on; start it with ``python app.py``."""

from pathlib import Path
from typing import Any

import evaluate
import gradio

metric = evaluate.load(str(Path(__file__).with_name("monologue_faithfulness.py")))


def score(code: str, call: str, monologue: str) -> dict[str, Any]:
    """Hold one monologue against the run."""
    task = {"code": code, "call": call}
    result: dict[str, Any] = metric.compute(references=[task], predictions=[[monologue]])
    return result


page = gradio.Interface(
    fn=score,
    title="monologue_faithfulness",
    inputs=[
        gradio.Code("def f(x):\n    y = x * 2\n    return y", language="python", label="code"),
        gradio.Textbox("f('ab')", label="call"),
        gradio.Textbox("- [L6]: `y` becomes `'abab'`.", lines=8, label="monologue"),
    ],
    outputs="json",
)

if __name__ == "__main__":
    page.launch(show_error=True)
