"""Feedback comes from the tests that were chosen, and what is mended stays mended."""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from evaluation import refine
from evaluation.backends import Decoding, Generation, Model, Request
from evaluation.benchmarks import ProgramTask
from evaluation.shown_tests import shown_tests
from pyx_dataset.layout import FAULT_HEADINGS, debug_response

ROW = {
    "task_id": "H/0",
    "prompt": 'def inc(x):\n    """Add one.\n    >>> inc(1)\n    2\n    """\n',
    "entry_point": "inc",
    "canonical_solution": "    return x + 1\n",
    "test": "def check(candidate):\n assert candidate(1) == 2\n assert candidate(5) == 6, 'm'\n",
}
WRONG, PUBLIC_ONLY, RIGHT = "return 0", "return 2", "return x + 1"


class Scripted:
    """Writes these bodies, one in each round, and remembers what it was asked."""

    def __init__(self, *bodies: str) -> None:
        self.bodies = list(bodies)
        self.asked: list[str] = []

    def generate(self, requests: Sequence[Request], decoding: Decoding) -> Iterator[Generation]:
        """A fenced program first, then answers of PYX-R."""
        for index, request in enumerate(requests):
            said = request.prompt.messages[-1]["content"]
            code = f"def inc(x):\n    {self.bodies.pop(0)}\n"
            is_debug = FAULT_HEADINGS[1] in said
            self.asked.append(said)
            text = debug_response("It is off.", code) if is_debug else f"```python\n{code}```"
            yield Generation(index, text, 9, True)


Run = Callable[..., list[float]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Refine with a scripted model; gives the curve."""
    data = tmp_path / "he.jsonl"
    data.write_text(json.dumps(ROW), encoding="utf-8")

    def refined(model: Scripted, tests: str, rounds: int = 2) -> list[float]:
        fake = Model("scripted", "d", "transformers", True, lambda: model)
        monkeypatch.setattr(refine, "model_of", lambda options, key: fake)
        argv = ["--benchmark", "humaneval", "--data", str(data), "--out", str(tmp_path / "out"),
                "--tests", tests, "--rounds", str(rounds), "--workers", "1"]  # fmt: skip
        assert refine.main(argv) == 0
        path = tmp_path / "out" / f"humaneval.refine-{tests}" / "results.json"
        found = json.loads(path.read_text(encoding="utf-8"))
        assert found["tests"] == tests
        return [point["score"] for point in found["curve"]]

    return refined


def test_a_program_is_mended_in_the_round_that_mends_it(run: Run) -> None:
    """The curve rises there, and the model is not asked again."""
    model = Scripted(WRONG, WRONG, RIGHT)
    assert run(model, "public", rounds=4) == [0, 0, 1, 1, 1]
    assert len(model.asked) == 3
    assert "assert inc(1) == 2" in model.asked[1]
    assert "return 0" in model.asked[1]


def test_hidden_tests_are_not_shown_to_the_public(run: Run) -> None:
    """A program that passes what is public is final, right or wrong."""
    model = Scripted(WRONG, PUBLIC_ONLY)
    assert run(model, "public") == [0, 0, 0]
    assert not [said for said in model.asked if "inc(5)" in said]


def test_an_oracle_shows_what_is_scored(run: Run) -> None:
    """The same program fails a hidden test, is told so, and mended."""
    model = Scripted(PUBLIC_ONLY, RIGHT)
    assert run(model, "oracle") == [0, 1, 1]
    assert "assert inc(5) == 6" in model.asked[1]
    assert "'m'" not in model.asked[1]


def test_a_run_that_stopped_goes_on(run: Run) -> None:
    """More rounds ask only what is new; the same rounds ask nothing."""
    first = Scripted(WRONG, WRONG)
    assert run(first, "public", rounds=1) == [0, 0]
    second = Scripted(RIGHT)
    assert run(second, "public", rounds=2) == [0, 0, 1]
    assert len(second.asked) == 1
    assert run(Scripted(), "public", rounds=2) == [0, 0, 1]


def test_an_answer_without_a_program_changes_nothing(run: Run) -> None:
    """Neither a fence nor tags: the program stays as it was."""
    assert refine.refined("I do not know.") == ""
    assert refine.refined("a\n```python\nx = 1\n```") == "x = 1"


def test_loops_and_what_they_stand_on_are_shown_whole() -> None:
    """Every statement of ``check`` that asserts is one test, and the own solution passes each."""
    test = "def check(candidate):\n n = 3\n for i in range(n):\n  assert candidate(i) == i + 1\n"
    stem = str(ROW["prompt"])
    task = ProgramTask("h", "h", stem, "inc", stem, stem, test, "")
    [shown] = shown_tests(task, "oracle")
    assert "inc(i) == i + 1" in shown.text
    assert "n = 3" in shown.test
