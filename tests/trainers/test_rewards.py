"""Only right answers and right steps earn anything."""

from collections.abc import Iterator

import pytest

from pyx_dataset import Sandbox, narrate
from pyx_dataset.layout import monologue_completion
from trainers.rewards import answer_reward, steps_reward

CODE = """def total(numbers, start):
    result = start
    for number in numbers:
        if number > 2:
            result += number
    return result
"""
CALL, VALUE = "total([1, 3, 5], 10)", "18"
ROW = {"code": CODE, "entry_point": "total", "call": CALL, "value": VALUE}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """One sandbox for all."""
    with Sandbox() as box:
        yield box


def reward(sandbox: Sandbox, of: str, task: str, *texts: str) -> list[float]:
    """What each text earns for one question, called as TRL does."""
    make = {"answer": answer_reward, "steps": steps_reward}[of]
    columns = {name: [value] * len(texts) for name, value in {**ROW, "task": task}.items()}
    completions = [[{"role": "assistant", "content": text}] for text in texts]
    return make(sandbox)(prompts=None, completions=completions, extra=[0] * len(texts), **columns)


def answered(answer: str) -> str:
    """A completion with an answer in tags."""
    (message,) = monologue_completion("", answer)
    return message["content"]


def test_a_right_answer_earns_one(sandbox: Sandbox) -> None:
    """The value, and any input that gives it, not only the one of the row."""
    right = [answered(f"assert {CALL} == {VALUE}"), answered("18")]
    inputs = [
        answered(f"assert {call} == 18") for call in (CALL, "total([18], 0)", "total([], 18)")
    ]

    assert reward(sandbox, "answer", "output", *right) == [1.0, 1.0]
    assert reward(sandbox, "answer", "input", *inputs) == [1.0, 1.0, 1.0]


TRICKS = [
    "",
    "assert True",
    "17 or True",
    f"assert {CALL} == 17 or True",
    "type('X', (), {'__eq__': lambda s, o: True})()",
    "__import__('os')._exit(0)",
    "(lambda: 18)()",
    "assert total(*[[18], 0]) == 18 or print()",
    "assert total(numbers := [18], 0) == 17",
]
TRICKS_FOR_OUTPUT = [f"assert {CALL} == {CALL}", f"assert {CALL}", "9 + 9", "int('18')"]
TRICKS_FOR_INPUT = [
    "assert (total := lambda *a: 18)([1], 2) == 18",
    "assert total([x for x in range(99)], 0) == 18",
    "assert total.__class__ == 18",
    "assert eval('18') == 18",
    "assert other([18], 0) == 18",
]


@pytest.mark.parametrize(
    ("task", "tricks"),
    [("output", TRICKS + TRICKS_FOR_OUTPUT), ("input", TRICKS + TRICKS_FOR_INPUT)],
)
def test_what_is_no_answer_earns_nothing(sandbox: Sandbox, task: str, tricks: list[str]) -> None:
    """Conditions that are always true, code, objects that equal everything, the question back."""
    earned = reward(sandbox, "answer", task, *map(answered, tricks))

    assert dict(zip(tricks, earned, strict=True)) == dict.fromkeys(tricks, 0.0)


def test_a_true_monologue_tells_its_whole_run(sandbox: Sandbox) -> None:
    """The narrator's own, both ways."""
    forward = narrate(CODE, CALL)
    backward = narrate(CODE, CALL, direction="backward")
    (ahead,) = monologue_completion(forward.text, forward.answer)
    (back,) = monologue_completion(backward.text, backward.answer)

    assert reward(sandbox, "steps", "output", ahead["content"]) == [1.0]
    assert reward(sandbox, "steps", "input", back["content"])[0] > 0


def told(*lines: str) -> str:
    """A completion whose simulation is `lines`."""
    text = "### Execution Simulation\n" + "\n".join(lines)
    (message,) = monologue_completion(text, f"assert {CALL} == {VALUE}")
    return message["content"]


FIRST = "[L6] `result` becomes `10`."
LOOP = "[L7] `number` becomes `1`."


def test_nothing_counts_behind_the_first_wrong_claim(sandbox: Sandbox) -> None:
    """Right steps after a wrong one earn no more than the beginning alone."""
    beginning, spoiled, whole = reward(
        sandbox, "steps", "output",
        told(FIRST),
        told(FIRST, "[L7] `number` becomes `4`.", "[L10] It returns `18`."),
        told(FIRST, LOOP, "[L10] It returns `18`."),
    )  # fmt: skip

    assert 0 < spoiled == beginning < whole


def test_saying_it_again_earns_nothing(sandbox: Sandbox) -> None:
    """Nor does repeating the question, however often."""
    once, often, question = reward(
        sandbox, "steps", "output",
        told(FIRST), told(*[FIRST] * 30), told(*["[L5] `start` is `10`."] * 30),
    )  # fmt: skip

    assert once >= often
    assert question == 0.0


def test_without_an_end_there_is_nothing_to_check(sandbox: Sandbox) -> None:
    """A completion that was cut, or proposes no input, has no account."""
    cut = told(FIRST, LOOP).partition("[/MONOLOGUE]")[0]

    assert reward(sandbox, "steps", "output", cut) == [0.0]
    assert reward(sandbox, "steps", "input", told(FIRST).replace(CALL, "total(?)")) == [0.0]
