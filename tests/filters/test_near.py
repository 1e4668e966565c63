"""Near duplicates, held against counting every pair."""

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from pyx_dataset.filters.dedup import families
from pyx_dataset.filters.near import SIMILARITY, near_pairs

LINES = st.sampled_from([
    "    x = x + 1",
    "    x = x * 2",
    "    y = [x, x]",
    "    x = abs(x - 7)",
    "    y = max(x, 3)",
    "    x = len(str(x))",
    "    x = min(x, 30) - 4",
])  # fmt: skip
PROGRAMS = st.lists(st.lists(LINES, min_size=3, max_size=12), min_size=2, max_size=12)


def program(lines: list[str]) -> str:
    return "\n".join(["def f(x):", *lines, "    return x"])


def overlap(one: str, other: str) -> float:
    """Jaccard similarity of five words in a row, in the plainest way there is."""

    def shingles(code: str) -> set[tuple[str, ...]]:
        for sign in "()[],*+-:":
            code = code.replace(sign, f" {sign} ")
        words = ["_" if word in {"f", "x", "y"} else word for word in code.split()]
        return {tuple(words[i : i + 5]) for i in range(len(words) - 4)}

    left, right = shingles(one), shingles(other)
    return len(left & right) / len(left | right)


@settings(max_examples=60, deadline=None)
@given(PROGRAMS)
def test_pairs_are_those_that_counting_finds(bodies: list[list[str]]) -> None:
    """None below the bound, and hashing misses none that is clearly above it."""
    codes = {str(number): program(lines) for number, lines in enumerate(bodies)}
    found = {frozenset(pair) for pair in near_pairs(codes.items())}
    for one, other in combinations(codes, 2):
        real = overlap(codes[one], codes[other])
        if frozenset((one, other)) in found:
            assert real >= SIMILARITY
        else:
            assert real < 0.85


def test_a_renamed_copy_is_a_near_duplicate() -> None:
    """What a program calls its own things does not count."""
    first = "def total(xs):\n    acc = 0\n    for x in xs:\n        acc += x * 3\n    return acc\n"
    second = first.replace("total", "f").replace("acc", "s").replace("x", "item")

    assert list(near_pairs([("a", first), ("b", second)])) == [("a", "b")]


def test_near_duplicates_are_of_one_family() -> None:
    """One constant apart: different shapes, so only nearness joins them."""
    code = (
        "def f(xs):\n    n = 0\n    seen = {}\n    for x in xs:\n        if x > 3:\n"
        "            n += x\n        seen[x] = seen.get(x, 0) + 1\n"
        "    most = max(seen.values(), default=0)\n    return [n, most, sorted(seen)]\n"
    )
    codes = {
        "a": code,
        "b": code.replace("3:", "4:"),
        "c": "def g(s):\n    return s.upper() + s[::-1]\n",
    }
    alone = families(codes.items())
    joined = families(codes.items(), near_pairs(codes.items()))

    assert len(set(alone.values())) == 3
    assert joined["a"] == joined["b"] != joined["c"]
