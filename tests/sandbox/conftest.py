"""One sandbox for all tests that do not end workers."""

from collections.abc import Iterator

import pytest

from pyx_dataset.config import Limits
from pyx_dataset.sandbox.pool import CallResult, Job, Sandbox


@pytest.fixture(scope="session")
def box() -> Iterator[Sandbox]:
    """A sandbox with short limits."""
    with Sandbox(limits=Limits(cpu_s=0.2, wall_s=2.0, memory_mib=256, value_chars=1000)) as box:
        yield box


@pytest.fixture(scope="session")
def run(box: Sandbox):  # type: ignore[no-untyped-def]  # a function of the fixture
    """Run calls of one program and give their results."""

    def run(code: str, *calls: str, trace: bool = False) -> tuple[CallResult, ...]:
        (result,) = box.run([Job("job", code, calls, trace)])
        return result.calls

    return run
