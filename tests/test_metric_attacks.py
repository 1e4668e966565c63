"""What fools or harms the scorers of the field, given to ours as predictions."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import evaluate
import pytest

from benchmarks.attacks import ATTACKS, LOGIC, TASK, TESTS, Case, Host, put_up

METRICS = Path(__file__).parents[1] / "evaluation" / "metrics"


@pytest.fixture(scope="module", autouse=True)
def _allowed() -> Iterator[None]:
    """The user has said that programs may run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HF_ALLOW_CODE_EVAL", "1")
        yield


@pytest.fixture(scope="module")
def cruxeval() -> Any:
    return evaluate.load(str(METRICS / "cruxeval"))


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with put_up() as host:
        yield host


@pytest.fixture(scope="module")
def graded(host: Host) -> dict[str, dict[str, Any]]:
    """The result of each attack; all of them were graded in one call."""
    metric = evaluate.load(str(METRICS / "pass_at_k"))
    programs = [[host.attack(program)] for program in ATTACKS.values()]
    scores = metric.compute(references=list(TESTS.values()), predictions=programs, workers=2)
    return {name: rows[0] for name, rows in zip(ATTACKS, scores["results"], strict=True)}


@pytest.mark.parametrize("name", ATTACKS)
def test_only_the_right_program_passes(name: str, graded: dict[str, dict[str, Any]]) -> None:
    """Whatever else a program does besides being wrong."""
    assert graded[name]["passed"] is (name == "right"), graded[name]


@pytest.mark.parametrize(
    "name", ["object equal to everything", "int equal to everything", "replace abs"]
)
def test_an_attack_works_where_tests_share_a_process(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else it would show nothing that ours withstands it."""
    monkeypatch.setattr("builtins.abs", abs)  # put back in the end
    exec(f"{ATTACKS[name]}\n{TESTS[name]}", {})


def test_the_host_is_as_it_was(host: Host, graded: dict[str, dict[str, Any]]) -> None:
    """File, folder, port and processes, after all of them."""
    assert len(graded) == 31
    assert host.damage() == []


@pytest.mark.parametrize("mode", ["output", "input"])
def test_no_program_is_an_answer(cruxeval: Any, host: Host, mode: str) -> None:
    """The same texts where a value or an input is asked for: nothing of them runs."""
    programs = [host.attack(program) for program in ATTACKS.values()]
    scores = cruxeval.compute(references=[TASK], predictions=[programs], mode=mode)
    assert scores["pass@1"] == 0
    assert host.damage() == []


@pytest.mark.parametrize(
    "answer",
    ["__import__('posix').unlink(VICTIM)", "f(open(VICTIM, 'w'))", "f(__import__('os').fork())"],
)
def test_published_scorers_are_followed_in_the_sandbox(
    cruxeval: Any, host: Host, answer: str
) -> None:
    """Answers run there, so they run here; but nothing comes of it."""
    given = {"references": [TASK], "predictions": [[host.attack(answer)]]}
    cruxeval.compute(**given, compat="official")
    assert host.damage() == []


@pytest.mark.parametrize("case", LOGIC, ids=range(len(LOGIC)))
def test_wrong_numbers_are_given_on_demand_only(cruxeval: Any, case: Case) -> None:
    """What CRUXEval's own scorer said of these answers, and what is true."""
    given = {"references": [TASK], "predictions": [list(case.answers)], "mode": case.mode}
    published = cruxeval.compute(**given, k=[1, 5], compat="official")
    assert (published["pass@1"], published["pass@5"]) == pytest.approx(case.said)
    if case.true[1] is None:
        with pytest.raises(ValueError, match="pass@5 is undefined"):
            cruxeval.compute(**given, k=[1, 5])
    ours = cruxeval.compute(**given, k=[1] if case.true[1] is None else [1, 5])
    assert (ours["pass@1"], ours.get("pass@5")) == case.true
