"""A page to try the metric on; start it with ``python app.py``."""

from pathlib import Path
from typing import Any

import evaluate
import gradio

metric = evaluate.load(str(Path(__file__).with_name("cruxeval.py")))


def score(code: str, arguments: str, output: str, answer: str, mode: str) -> dict[str, Any]:
    """Grade one answer."""
    task = {"code": code, "input": arguments, "output": output}
    result: dict[str, Any] = metric.compute(references=[task], predictions=[[answer]], mode=mode)
    return result


page = gradio.Interface(
    fn=score,
    title="cruxeval",
    inputs=[
        gradio.Code("def f(x):\n    return x * 2", language="python", label="code"),
        gradio.Textbox("'ab'", label="input"),
        gradio.Textbox("'abab'", label="output"),
        gradio.Textbox("'abab'", label="answer"),
        gradio.Radio(["output", "input"], value="output", label="mode"),
    ],
    outputs="json",
)

if __name__ == "__main__":
    page.launch(show_error=True)
