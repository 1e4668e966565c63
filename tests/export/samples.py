"""Bundles and a build record written by hand, for the tests of everything that is published."""

from dataclasses import asdict, replace
from typing import Any

from pyx_dataset.config import BuildConfig
from pyx_dataset.debug_schema import Debugged, Divergence, Rationale
from pyx_dataset.export.splits import split_of
from pyx_dataset.filters.dedup import shape
from pyx_dataset.lessons import NARRATOR, Refused
from pyx_dataset.schema import (
    SCHEMA_VERSION,
    Bundle,
    Change,
    Execution,
    Monologue,
    Outcome,
    Program,
    Seed,
    Source,
    Split,
    Step,
    Told,
    Trace,
)

CONFIG = BuildConfig(seeds=("files:seeds",), test_share=0.3, validation_share=0.2)

RECORD: dict[str, Any] = {
    "schema_version": SCHEMA_VERSION,
    "pyx_version": "9.8.7",
    "python_version": "3.11.7",
    "config": asdict(CONFIG),
    "isolation": "strong",
    "rejected": {"seeds": {"duplicate": 41}, "forward": {"line_not_told": 5}},
    "sources": {
        "inflection": {"version": "0.5.1", "license": "MIT", "programs": 2},
        "python": {"version": "3.11.7", "license": "PSF-2.0", "programs": 1},
    },
}

TEXT = "### Understanding the Function\nIt adds.\n\n### Conclusion\nThe result is `3`."


def bundle(number: int = 1, split: Split | None = None, instruction: str = "Add.") -> Bundle:
    """A program that adds `number`, called once with success and once without."""
    code = f"def f(x):\n    y = x + {number}\n    return y\n"
    family = shape(code)
    source = Source("inflection", "0.5.1", "MIT", "inflection/__init__.py", number)
    program = Program(
        id=f"p{number}",
        family=family,
        split=split or split_of(family, CONFIG.validation_share, CONFIG.test_share),
        seed=Seed(source, code, "f", "f(x)", instruction),
    )
    good = Execution(f"p{number}_0", program.id, _good(code, number), is_deterministic=True)
    bad = Execution(f"p{number}_1", program.id, _bad(code), is_deterministic=True)
    value = str(2 + number)
    forward = Monologue("forward", TEXT, f"assert f(2) == {value}", ())
    backward = replace(forward, direction="backward")
    return Bundle(
        program=program,
        coverage=1.0,
        branch_coverage=0.5,
        executions=(good, bad),
        forward=(Told(good.id, forward, confirmed=2, unchecked=0),),
        backward=(Told(good.id, backward, confirmed=2, unchecked=1),),
        isolation="strong",
        debugged=(_bug(good, number),),
        refused=(
            Refused(
                "forward", good.id, f"It returns `{value}0`.", "claim_contradicted",
                f"'returns {value}0', found '{value}'", NARRATOR,
            ),
        ),
    )  # fmt: skip


def _bug(good: Execution, number: int) -> Debugged:
    """Of a program that takes away instead of adding; what its rationale says is not checked."""
    return Debugged(
        id=f"{good.program_id}_bug0",
        program_id=good.program_id,
        operator="arithmetic",
        code=good.trace.code.replace("+", "-"),
        refined=good.trace.code,
        line=2,
        lines=(2,),
        failing=(good.id,),
        passing=(),
        outcome="returned",
        value=str(2 - number),
        exception=None,
        divergence=Divergence(1, 1),
        divergence_line=2,
        rationale=Rationale(TEXT, confirmed=2, unchecked=0),
    )


def _good(code: str, number: int) -> Trace:
    value = str(2 + number)
    steps = (
        Step(1, "call", 0, "f", (Change("x", "2"),)),
        Step(2, "line", 0, "f", (Change("y", value),)),
        Step(3, "line", 0, "f"),
        Step(3, "return", 0, "f", (), value),
    )
    return Trace(code, "f(2)", Outcome.RETURNED, value, None, steps)


def _bad(code: str) -> Trace:
    message = 'TypeError: can only concatenate str (not "int") to str (line 2)'
    steps = (
        Step(1, "call", 0, "f", (Change("x", "'a'"),)),
        Step(2, "line", 0, "f"),
        Step(2, "exception", 0, "f", (), message.removesuffix(" (line 2)")),
    )
    return Trace(code, "f('a')", Outcome.RAISED, None, message, steps)
