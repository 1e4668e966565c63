"""Programs of the grammar, held against CPython and a linter."""

import ast
import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pyx_dataset.config import BuildConfig, Procedural
from pyx_dataset.errors import ConfigError, InputError
from pyx_dataset.filters.dedup import shape
from pyx_dataset.schema import Seed
from pyx_dataset.seeds.procedural.source import procedural_seed, procedural_seeds

CONFIG = BuildConfig(seeds=("procedural:1",))
EXTREMES = {
    int: (0, -1, -999_999_937, 10**9),
    str: ("", "a", "((((", "Zz9 -" * 40),
    list: ([],),
    dict: ({},),
}


@pytest.fixture(scope="module")
def seeds() -> list[Seed]:
    """The first programs of the default grammar."""
    return list(procedural_seeds("1500", CONFIG))


def raised(seed: Seed, text: str) -> type[Exception] | None:
    """What CPython raises on a call, None if it returns."""
    scope: dict[str, object] = {}
    exec(compile(seed.code, "<program>", "exec"), scope)
    try:
        eval(text, scope)
    except Exception as exc:  # noqa: BLE001  (what is raised is what is asked)
        return type(exc)
    return None


def test_a_program_does_not_depend_on_those_before_it(seeds: list[Seed]) -> None:
    """Number 700 on its own, in another process, is number 700 of the row."""
    ask = (
        "from pyx_dataset.config import BuildConfig\n"
        "from pyx_dataset.seeds.procedural.source import procedural_seed as item\n"
        "print(repr(item(700, BuildConfig(seeds=('procedural:1',)))))"
    )
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == repr(seeds[700])


def test_another_seed_gives_other_programs(seeds: list[Seed]) -> None:
    """Neighbouring seeds share no run of programs."""
    others = procedural_seeds("200", CONFIG.with_changes(seed=CONFIG.seed + 1))
    known = {shape(seed.code) for seed in seeds}

    assert sum(shape(seed.code) in known for seed in others) < 12


def test_example_calls_return(seeds: list[Seed]) -> None:
    """At least 99 of 100 calls that come with a program return, whatever it does with them."""
    calls = [(seed, example.call) for seed in seeds[:500] for example in seed.examples]

    assert len(calls) > 1900
    assert sum(raised(*item) is not None for item in calls) <= len(calls) // 100


def test_programs_end_on_extreme_arguments(seeds: list[Seed]) -> None:
    """Empty, negative and huge arguments return or raise, each within two seconds."""
    signal.signal(signal.SIGALRM, lambda *_: pytest.fail("a program did not end"))
    ran = 0
    for seed in seeds[:250]:
        node = ast.parse(seed.examples[0].call, mode="eval").body
        assert isinstance(node, ast.Call)
        given = [ast.literal_eval(item) for item in node.args]
        for index, value in enumerate(given):
            for extreme in EXTREMES[type(value)]:
                arguments = [*given[:index], extreme, *given[index + 1 :]]
                text = f"{seed.entry_point}({', '.join(map(repr, arguments))})"
                signal.setitimer(signal.ITIMER_REAL, 2)
                assert raised(seed, text) is not NameError
                signal.setitimer(signal.ITIMER_REAL, 0)
                ran += 1

    assert ran > 300


def test_a_linter_finds_nothing_unused_and_nothing_undefined(
    seeds: list[Seed], tmp_path: Path
) -> None:
    """Each value that is made is used, in the eyes of `ruff`."""
    for number, seed in enumerate(seeds[:400]):
        (tmp_path / f"p{number}.py").write_text(seed.code)
    rules = "F821,F841,F811,ARG001,A001,E701"
    command = ["ruff", "check", "--isolated", "--select", rules, "--output-format", "json", "."]
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert [item["message"] for item in json.loads(done.stdout)] == []


def test_few_programs_are_alike(seeds: list[Seed]) -> None:
    """Names and layout aside, fewer than 2 of 100 repeat an earlier one."""
    assert len({shape(seed.code) for seed in seeds}) > 0.98 * len(seeds)


def test_a_description_names_every_parameter(seeds: list[Seed]) -> None:
    """It speaks of each argument, and of no local variable."""
    for seed in seeds:
        function = ast.parse(seed.code).body[-1]
        assert isinstance(function, ast.FunctionDef)
        parameters = {item.arg for item in function.args.args}
        named = set(seed.instruction.split("`")[1::2])

        assert named == parameters, seed


@pytest.mark.parametrize(
    "knobs",
    [Procedural(statements=10, nesting=2, loop_trips=3, value=10), Procedural(statements=60)],
)
def test_programs_stay_within_their_knobs(knobs: Procedural) -> None:
    """Statements, blocks inside each other and constants."""
    most = deepest = largest = 0
    for index in range(300):
        seed = procedural_seed(index, CONFIG.with_changes(procedural=knobs))
        tree = ast.parse(seed.code)
        most = max(most, sum(isinstance(node, ast.stmt) for node in ast.walk(tree)))
        indents = [
            (len(line) - len(line.lstrip())) // 4
            for line in seed.code.splitlines()
            if line.strip() and "return" not in line
        ]
        deepest = max(deepest, max(indents) - 1)
        arguments = [ast.parse(example.call) for example in seed.examples]
        largest = max(
            largest,
            *(
                len(node.elts)
                for tree in arguments
                for node in ast.walk(tree)
                if isinstance(node, ast.List)
            ),
            0,
            0,
        )

    assert most <= knobs.statements
    assert deepest <= knobs.nesting
    assert largest <= knobs.loop_trips + 2
    assert most > knobs.statements // 2


@pytest.mark.parametrize("amount", ["none", "0", "-3", "1e3", ""])
def test_an_amount_that_is_no_number_is_said(amount: str) -> None:
    """In one sentence that shows what would be right."""
    with pytest.raises(InputError, match="procedural:1000"):
        next(procedural_seeds(amount, CONFIG))


def test_a_knob_that_allows_nothing_is_said() -> None:
    """No grammar fits into two statements."""
    with pytest.raises(ConfigError, match=r"procedural\.statements .* 8 at least, got 2"):
        Procedural(statements=2)
