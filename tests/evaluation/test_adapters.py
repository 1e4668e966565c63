"""Other harnesses ask our questions and take our verdicts."""

import json
import os
import subprocess
from pathlib import Path

import pytest
import yaml

from evaluation.adapters.calls import passed, rows
from evaluation.benchmarks import BENCHMARKS, CallTask
from evaluation.prompts import ask, max_new_tokens

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "evaluation" / "adapters" / "lm_eval"
HARNESS = ROOT / ".venv-lm-eval" / "bin" / "python"
CALLS = [
    ("def f(x): return x * 2", "'no'"),
    ("def f(x): return x + ' == ' + x", "'a'"),
    ("def f(x): return x + '#' + x", "'a'"),
    ('def f(x): return "it\'s" + x', "'\"'"),
    ("def f(x): return x.encode()", "'é\\n'"),
    ("def f(*xs, **ys): return [xs, ys]", "1, 'a=b', c=[')']"),
    ("def f(x): return x == x", "{}"),
    ("def f(x): return None", "-0.5"),
]
"""Programs and arguments with what other readers of answers cut at or tear off."""


@pytest.fixture(scope="module")
def cruxeval(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A file in CRUXEval's form; its outputs are what CPython computed."""
    path = tmp_path_factory.mktemp("cruxeval") / "cruxeval.jsonl"
    lines = []
    for number, (code, arguments) in enumerate(CALLS):
        names: dict[str, object] = {}
        exec(code, names)
        row = {"id": f"sample_{number}", "code": code, "input": arguments}
        lines.append(json.dumps(row | {"output": repr(eval(f"f({arguments})", names))}))
    path.write_text("\n".join(lines))
    return str(path)


@pytest.mark.parametrize("style", ["direct", "monologue"])
@pytest.mark.parametrize("mode", ["output", "input"])
def test_gold_answers_behind_the_prefill_are_right(cruxeval: str, mode: str, style: str) -> None:
    """A model goes on from the prefill; the whole is graded."""
    asked = rows(f"cruxeval-{mode}", style, cruxeval)  # type: ignore[arg-type]
    assert len(asked) == len(CALLS)
    for row in asked:
        assert row["gold"].startswith(row["prefill"])
        assert passed(row, row["gold"].removeprefix(row["prefill"])), row


@pytest.mark.parametrize("mode", ["output", "input"])
@pytest.mark.parametrize("answer", ["", " 17", "\n", "'nono' or True)", "'x') # f('no')"])
def test_other_answers_are_wrong(cruxeval: str, mode: str, answer: str) -> None:
    """Behind the same prefill."""
    row = rows(f"cruxeval-{mode}", "direct", cruxeval)[0]
    assert not passed(row, answer)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_task_file_decodes_as_our_own_runner_does(path: Path) -> None:
    """The same stops and the same room, said twice as the harness wants them in its file."""
    task = yaml.safe_load(path.read_text())
    asked, decoding = task["dataset_kwargs"], task["generation_kwargs"]
    assert asked["benchmark"] in BENCHMARKS
    mode = asked["benchmark"].partition("-")[2]
    call = CallTask("", "", mode, "", "f", "f(1)", "2")
    assert tuple(decoding["until"]) == ask(call, asked["style"]).stops
    assert decoding["max_gen_toks"] == max_new_tokens(call, asked["style"])
    assert decoding["do_sample"] is False


@pytest.mark.slow
@pytest.mark.skipif(not HARNESS.exists(), reason="no lm-eval: make lm-eval")
def test_a_model_that_knows_all_scores_all_in_lm_eval(cruxeval: str) -> None:
    """The harness's own CRUXEval tasks give such a model 53 and 98 %."""
    tasks = ["pyx_cruxeval_output", "pyx_cruxeval_input", "pyx_cruxeval_output_monologue"]
    script = Path(__file__).with_name("lm_eval_oracle.py")
    run = subprocess.run(
        [HARNESS, script, cruxeval, ",".join(tasks)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    assert json.loads(run.stdout.splitlines()[-1]) == dict.fromkeys(tasks, 1.0)
