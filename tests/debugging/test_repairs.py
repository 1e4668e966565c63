"""Between a wrong program and a right one, the nearest that does what it should."""

from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from pyx_dataset.debugging.repairs import MAX_CHANGES, repairs

NAMES = "abcdef"


def program(values: list[int]) -> str:
    """One assignment a line, kept apart by lines that stay."""
    lines = [
        f"{name} = {value}\nkept_{name} = 0" for name, value in zip(NAMES, values, strict=True)
    ]
    return "\n".join(lines) + "\n"


def state(code: str) -> dict[str, Any]:
    """What CPython makes of it."""
    names: dict[str, Any] = {}
    exec(code, {}, names)
    return names


@example(wrong=[0] * 6, needed={"d", "e", "f"})
@given(
    wrong=st.lists(st.integers(0, 1), min_size=6, max_size=6),
    needed=st.sets(st.sampled_from(NAMES), min_size=1, max_size=MAX_CHANGES),
)
def test_the_first_that_does_takes_over_only_what_is_needed(
    wrong: list[int], needed: set[str]
) -> None:
    """Of six lines some are wrong and some of those matter: the others stay as they are."""
    right = [2] * len(NAMES)
    code, aim = program(wrong), program(right)
    first = next(item for item in repairs(code, aim) if all(state(item)[k] == 2 for k in needed))
    found = {name for name in NAMES if state(first)[name] == 2}

    assert found == needed


@given(st.text(alphabet="ab\n =1", max_size=40), st.text(alphabet="ab\n =1", max_size=40))
def test_all_but_the_last_compile_and_the_last_is_the_right_one(wrong: str, right: str) -> None:
    """Whatever the two are."""
    *between, last = repairs(wrong, right)

    assert last == right
    for code in between:
        compile(code, "<between>", "exec")
