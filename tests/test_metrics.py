"""Each metric folder is a metric that `evaluate` loads, explains itself and cannot be fooled."""

import doctest
import inspect
from pathlib import Path
from typing import Any

import evaluate
import pytest

METRICS = Path(__file__).parents[1] / "evaluation" / "metrics"
NAMES = sorted(path.name for path in METRICS.iterdir() if (path / f"{path.name}.py").exists())
TASK = {"code": "def f(x): return x * 2", "input": "'no'", "output": "'nono'"}


@pytest.fixture(autouse=True)
def _allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The switch is on, as a user of `code_eval` has it; the test of the switch turns it off."""
    monkeypatch.setenv("HF_ALLOW_CODE_EVAL", "1")


@pytest.fixture(scope="module")
def cruxeval() -> Any:
    return evaluate.load(str(METRICS / "cruxeval"))


@pytest.fixture(scope="module")
def faithfulness() -> Any:
    return evaluate.load(str(METRICS / "monologue_faithfulness"))


@pytest.fixture(scope="module")
def pass_at_k() -> Any:
    return evaluate.load(str(METRICS / "pass_at_k"))


@pytest.mark.parametrize("name", NAMES)
def test_the_documented_example_prints_what_it_says(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The card is a doctest, run from the checkout as it tells the reader to."""
    monkeypatch.chdir(METRICS.parents[1])
    card = str(METRICS / name / "README.md")
    failed, attempted = doctest.testfile(card, module_relative=False)
    assert attempted > 1
    assert failed == 0


@pytest.mark.parametrize("name", NAMES)
def test_a_metric_names_all_it_takes(name: str) -> None:
    """No `**kwargs`, so a misspelt argument is an error."""
    metric = evaluate.load(str(METRICS / name))
    kinds = [item.kind for item in inspect.signature(metric._compute).parameters.values()]
    assert inspect.Parameter.VAR_KEYWORD not in kinds


@pytest.mark.parametrize("name", NAMES)
def test_a_card_has_its_sections(name: str) -> None:
    """What it means, how to use it, where it ends, whom to cite."""
    card = (METRICS / name / "README.md").read_text(encoding="utf-8")
    for heading in ("## Description", "## How to use", "## Limitations", "## Citation"):
        assert heading in card


@pytest.mark.parametrize("name", NAMES)
def test_a_metric_folder_is_a_space(name: str) -> None:
    """Every file that a Space needs is there, and the pages parse."""
    folder = METRICS / name
    assert "pyx-dataset" in (folder / "requirements.txt").read_text(encoding="utf-8")
    compile((folder / "app.py").read_text(encoding="utf-8"), "app.py", "exec")


def test_pass_at_k_of_fewer_samples_is_an_error(cruxeval: Any) -> None:
    """The published scorer says 1.0 for pass@5 of four wrong samples."""
    with pytest.raises(ValueError, match="undefined"):
        cruxeval.compute(references=[TASK], predictions=[["1"] * 4], k=[5])


def test_every_sample_counts(cruxeval: Any) -> None:
    """One right and nine that echo the question are 0.1, not 1.0 of those that are left."""
    samples = ["'nono'"] + ["f('no')"] * 9
    scores = cruxeval.compute(references=[TASK], predictions=[samples], k=[1, 5])
    assert (scores["pass@1"], scores["pass@5"]) == (0.1, 0.5)


@pytest.mark.parametrize(
    "answer",
    ["'no' or True", "f( 'no')", "f('no')", "'nono' if True else 0", "assert True", "x == x",
     "type('E', (), {'__eq__': lambda *a: True})()", "__import__('os')._exit(0)"],
)  # fmt: skip
def test_output_attacks_score_nothing(cruxeval: Any, answer: str) -> None:
    """Answers that the published scorer runs and accepts."""
    assert cruxeval.compute(references=[TASK], predictions=[[answer]])["pass@1"] == 0


@pytest.mark.parametrize(
    "answer",
    ["'nono' # f(", "'nono' or f(1)", "f('no') or 'nono'", "(f := lambda x: 'nono')(1)",
     "f(__import__('os')._exit(0))", "g('no')", "f(f.__code__)"],
)  # fmt: skip
def test_input_attacks_score_nothing(cruxeval: Any, answer: str) -> None:
    """Answers that never call the function, or do more than call it."""
    scores = cruxeval.compute(references=[TASK], predictions=[[answer]], mode="input")
    assert scores["pass@1"] == 0


def test_any_input_that_gives_the_output_is_right(cruxeval: Any) -> None:
    """Input prediction asks for a witness, not for the original."""
    task = {"code": "def f(x): return x > 3", "input": "4", "output": "True"}
    scores = cruxeval.compute(references=[task], predictions=[["9", "f(2)"]], mode="input")
    assert [sample["passed"] for sample in scores["results"][0]] == [True, False]


@pytest.mark.parametrize("odd", [None, "", "\ud800", "'\ud800'", "(" * 5000, "9" * 5000])
def test_odd_predictions_are_wrong_and_hurt_nobody(cruxeval: Any, odd: str | None) -> None:
    """Nothing, lone surrogates, deep nesting, huge numbers: wrong, beside a right answer."""
    scores = cruxeval.compute(references=[TASK, TASK], predictions=[[odd], ["'nono'"]])
    assert [rows[0]["passed"] for rows in scores["results"]] == [False, True]


def test_nothing_to_score_is_an_error(cruxeval: Any) -> None:
    """No tasks, no number."""
    with pytest.raises(ValueError, match="empty"):
        cruxeval.compute(references=[], predictions=[])


def test_calls_of_one_program_are_one_cluster(cruxeval: Any) -> None:
    """With one program the spread between programs is unknown."""
    scores = cruxeval.compute(references=[TASK, TASK], predictions=[["'nono'"], ["0"]])
    assert scores["pass@1_stderr"] is None


ALWAYS_EQUAL = """
class Equal(int):
    def __eq__(self, other): return True
    def __hash__(self): return 0
def add(a, b): return Equal(0)
"""


@pytest.mark.parametrize(
    "candidate",
    [ALWAYS_EQUAL, "import sys; sys.exit(0)", "import os\ndef add(a, b): os._exit(0)",
     "import builtins\ndef add(a, b):\n builtins.abs = lambda x: 0\n return 9",
     "def add(a, b): raise SystemExit(0)", "print('passed')", None, "", "\ud800"],
    ids=range(9),
)  # fmt: skip
def test_candidates_that_cheat_do_not_pass(pass_at_k: Any, candidate: str | None) -> None:
    """Attacks that pass in the scorers of the field, and candidates that are nothing."""
    test = "assert abs(add(2, 3) - 5) < 1e-6 and add(2, 3) == 5"
    scores = pass_at_k.compute(references=[test], predictions=[[candidate]])
    assert scores["pass@1"] == 0


def test_the_check_convention_of_humaneval_passes(pass_at_k: Any) -> None:
    """A right candidate under `check(candidate)` passes, named by `entry_points`."""
    test = "def check(candidate):\n    assert candidate([3, 1]) == [1, 3]\n"
    scores = pass_at_k.compute(
        references=[test],
        predictions=[["def order(xs): return sorted(xs)"]],
        entry_points=["order"],
    )
    assert scores["pass@1"] == 1.0


def test_programs_of_a_model_run_only_when_asked_for(
    pass_at_k: Any, cruxeval: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in `code_eval`; what runs no text of a model needs no leave."""
    monkeypatch.delenv("HF_ALLOW_CODE_EVAL")
    with pytest.raises(ValueError, match="set HF_ALLOW_CODE_EVAL=1"):
        pass_at_k.compute(references=["assert f() == 1"], predictions=[["def f(): return 1"]])
    with pytest.raises(ValueError, match="set HF_ALLOW_CODE_EVAL=1"):
        cruxeval.compute(references=[TASK], predictions=[["1"]], compat="official")
    assert cruxeval.compute(references=[TASK], predictions=[["'no'"]], mode="input")["pass@1"] == 1


MISSHAPEN: list[tuple[dict[str, Any], str]] = [
    ({"predictions": ["'nono'"], "references": [TASK]}, "list of str or None, got \"'nono'\""),
    ({"predictions": [[4]], "references": [TASK]}, "list of str or None"),
    ({"predictions": [["4"]], "references": [{"code": "", "input": ""}]}, "lacks output"),
    ({"predictions": [["4"], ["4"]], "references": [TASK]}, "2 predictions for 1 references"),
    ({"predictions": [["4"], []], "references": [TASK, TASK]}, "undefined for 0 correct of 0"),
    ({"predictions": [["4"]], "references": [TASK], "k": []}, "k is empty"),
    ({"predictions": [["4"]], "references": [TASK], "mode": "both"}, "known: output, input"),
    ({"predictions": [["4"]], "references": [TASK], "compat": "x"}, "known: official, semcoder"),
]


@pytest.mark.parametrize(("given", "said"), MISSHAPEN, ids=range(len(MISSHAPEN)))
def test_what_cannot_be_scored_is_said(cruxeval: Any, given: dict[str, Any], said: str) -> None:
    """One sentence and no number; a str is a sequence of str, and must not be taken for one."""
    with pytest.raises(ValueError, match=said):
        cruxeval.compute(**given)


def test_names_must_be_as_many_as_tasks(pass_at_k: Any) -> None:
    """One function name for two tasks."""
    with pytest.raises(ValueError, match="1 entry_points for 2 tasks"):
        pass_at_k.compute(
            references=["assert f() == 1"] * 2, predictions=[[""], [""]], entry_points=["f"]
        )


@pytest.mark.parametrize("text", ["I do not know.", "import os\nos._exit(0)", "", None, "\ud800"])
def test_a_text_that_claims_nothing_is_not_faithful(faithfulness: Any, text: str | None) -> None:
    """Nothing contradicted is not enough: something has to be confirmed."""
    task = {"code": TASK["code"], "call": "f('no')"}
    scores = faithfulness.compute(references=[task], predictions=[[text]])
    assert (scores["faithful"], scores["claims_confirmed"]) == (0, 0)
    assert scores["results"][0][0]["reason"]


@pytest.mark.parametrize(
    ("output", "call"),
    [('"it\'s"', "f(0)"), ("'a==b'", "f(0)"), ("'A'", "f('==')"), ("'assert'", "f(0)")],
)
@pytest.mark.parametrize("compat", [None, "semcoder"])
def test_gold_answers_that_semcoders_reading_breaks(
    cruxeval: Any, output: str, call: str, compat: str | None
) -> None:
    """Swapped quotes and a cut at the first ``==`` lose right answers; ours loses none."""
    task = {"code": f"def f(x): return {output}", "input": call[2:-1], "output": output}
    gold = f"[ANSWER]\nassert {call} == {output}\n[/ANSWER]"
    scores = cruxeval.compute(references=[task], predictions=[[gold]], compat=compat)
    assert scores["pass@1"] == (compat is None)
