"""Five small programs, broken and told once for all tests."""

from collections.abc import Iterator

import pytest

from pyx_dataset.debugged import debug
from pyx_dataset.export.splits import split_of
from pyx_dataset.filters.dedup import families
from pyx_dataset.program import Boxes
from pyx_dataset.sandbox.pool import Job
from pyx_dataset.schema import Bundle, Execution, Program, Seed, Source, Trace
from pyx_dataset.traces.coverage import points_of, reached, together
from tests.debugging.samples import CALLS, CODES, Case
from tests.export.samples import CONFIG


@pytest.fixture(scope="session")
def boxes() -> Iterator[Boxes]:
    """Sandboxes of four hash seeds."""
    with Boxes(CONFIG, "weak") as opened:
        yield opened


@pytest.fixture(scope="session")
def cases(boxes: Boxes) -> tuple[Case, ...]:
    """Each program with up to four bugs."""
    family = families(CODES.items())
    config = CONFIG.with_changes(max_bugs=4, max_mutants=40)
    found = []
    for name, code in CODES.items():
        split = split_of(family[name], CONFIG.validation_share, CONFIG.test_share)
        source = Source("inflection", "0.5.1", "MIT", "inflection/__init__.py", 3)
        seed = Seed(source, code, name, code.split("\n")[0][4:-1], f"Do what {name} does.")
        program = Program(name, family[name], split, seed)
        result = next(boxes.first.run([Job(name, code, CALLS[name], trace=True)]))
        executions = tuple(
            Execution(
                f"{name}_{number}",
                name,
                Trace(code, call, run.outcome, run.value, run.exception, run.steps or ()),
                True,
            )
            for number, (call, run) in enumerate(zip(CALLS[name], result.calls, strict=True))
        )
        bugs, _ = debug(program, executions, config, (boxes.first, *boxes.others), boxes.hasty)
        there = points_of(code, name)
        shares = together(reached(there, item.trace.steps) for item in executions).share(there)
        bundle = Bundle(program, *(round(share, 4) for share in shares), executions, (), (),
                        result.isolation, tuple(bugs))  # fmt: skip
        found.append(Case(bundle))
    return tuple(found)
