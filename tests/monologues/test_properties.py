"""Properties are stated only if every known call has them, and can be checked again."""

import ast
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyx_dataset.monologues.properties.inferred import check_properties, infer, property_sentences
from pyx_dataset.monologues.properties.known import Known
from pyx_dataset.neighbours import fresh_calls, known_calls

PROGRAMS = {
    "sort": "def f(xs):\n    return sorted(xs)\n",
    "clip": "def f(xs, k):\n    return xs[:k]\n",
    "low": "def f(text):\n    return text.strip().lower()\n",
    "first": "def f(xs):\n    return xs[0]\n",
    "turn": "def f(xs):\n    return xs[::-1]\n",
    "index": "def f(xs, x):\n    return xs.index(x) if x in xs else -1\n",
}


def _known(name: str, calls: list[str]) -> tuple[Known, ...]:
    """The calls, run by CPython."""
    scope: dict[str, object] = {}
    exec(PROGRAMS[name], scope)
    runs: list[tuple[str, str | None, str]] = []
    for call in dict.fromkeys(calls):
        try:
            runs.append((call, repr(eval(call, scope)), ""))
        except LookupError as exc:
            runs.append((call, None, type(exc).__name__))
    return known_calls(PROGRAMS[name], "f", runs)


def _calls(name: str, rng: Random, count: int = 60) -> list[str]:
    lists = [[rng.randint(-9, 9) for _ in range(rng.randint(0, 6))] for _ in range(count)]
    if name in ("clip", "index"):
        return [f"f({xs}, {rng.randint(0, 5)})" for xs in lists]
    if name == "low":
        words = ["".join(rng.choice("aB c") for _ in xs) for xs in lists]
        return [f"f({word!r})" for word in words]
    return [f"f({xs})" for xs in lists]


def _sentences(name: str, seed: int = 0) -> str:
    known = _known(name, _calls(name, Random(seed)))
    fresh = fresh_calls(PROGRAMS[name], "f", known, Random(seed))
    known = _known(name, [*(item.call for item in known), *fresh])
    return " ".join(item.sentence(Random(0)) for item in infer(known))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("sort", "the result holds the same items as `xs`, each as often"),
        ("sort", "the items of the result never fall from left to right"),
        ("sort", "the order of `xs` does not matter"),
        ("clip", "the result is the beginning of `xs`"),
        ("clip", "the result has at most `k` items"),
        ("low", "there is no upper-case letter in the result"),
        ("low", "feeding the result back as `text` changes nothing more"),
        ("first", "the result is one of the items of `xs`"),
        ("first", "`IndexError` is raised exactly when `xs` is empty"),
        ("turn", "the result is `xs` from back to front"),
        ("turn", "feeding the result back as `xs` gives the first `xs` again"),
        ("index", "the result is `-1` exactly when `x` does not occur in `xs`"),
    ],
)
def test_a_property_that_is_known_to_hold_is_found(name: str, words: str) -> None:
    """What a person would say of these functions."""
    assert words.lower() in _sentences(name).lower()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.integers(-3, 3), max_size=5), min_size=8, max_size=20))
def test_what_is_stated_holds_by_another_count(lists: list[list[int]]) -> None:
    """For each sentence on order or items, Python's own operators agree on every call."""
    known = _known("sort", [f"f({xs})" for xs in lists])
    for sentence in (item.sentence(Random(0)) for item in infer(known)):
        for item in known:
            xs = ast.literal_eval(item.call[2:-1])
            if "the same items" in sentence:
                assert sorted(item.value) == sorted(xs)
            if "never fall" in sentence:
                assert item.value == sorted(item.value)
            if "unbroken piece of" in sentence:
                assert any(xs[i : i + len(item.value)] == item.value for i in range(len(xs) + 1))


def test_one_exception_is_enough() -> None:
    """A call that does not sort takes the property away, and the sentence is contradicted."""
    known = _known("sort", _calls("sort", Random(1)))
    lines = "\n".join(f"- {item.sentence(Random(0))}" for item in infer(known))
    odd = known_calls(PROGRAMS["sort"], "f", [("f([5, 4, 9])", "[9, 4]", "")])
    assert "never fall" in lines
    assert all(item.holds for item in check_properties(lines, known))
    verdicts = check_properties(lines, [*known, *odd])
    assert any(item.holds is False and "never fall" in item.text for item in verdicts)


def test_a_wrong_number_of_calls_is_contradicted() -> None:
    """Unless only some of the calls are there to check it with."""
    known = _known("sort", _calls("sort", Random(2)))
    line = f"- {infer(known)[0].sentence(Random(0))}"
    wrong = line.replace(f"all {len(known)} ", "all 99999 ")
    assert wrong != line
    assert check_properties(wrong, known)[0].holds is False
    assert check_properties(wrong, known, is_complete=False)[0].holds is True


def test_a_sentence_that_is_no_statement_is_not_checked() -> None:
    """It speaks of known calls in words that no candidate has."""
    known = _known("sort", _calls("sort", Random(3)))
    [item] = check_properties("- In all 12 known calls, the moon is full.", known)
    assert item.holds is None


def test_few_calls_state_nothing() -> None:
    """Three calls are no evidence."""
    assert infer(_known("sort", ["f([2, 1])", "f([3, 4, 1])", "f([1])"])) == ()


def test_not_more_than_three_are_stated() -> None:
    """The most telling ones first; the seed chooses among the rest."""
    properties = infer(_known("low", _calls("low", Random(4))))
    assert len(property_sentences(properties, Random(0))) <= 3
