"""A small data set made by the real build, with a program that tries to be more than text."""

from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from pyx_dataset.config import BuildConfig
from pyx_dataset.pipeline import build
from pyx_dataset.sandbox.pool import Sandbox
from pyx_dataset.viewing.serve import Viewer

ATTACK = "</script><img src=x onerror=self.owned=1>"
SEEDS = f'''# SPDX-License-Identifier: MIT

def running_total(numbers):
    """Sums so far.

    >>> running_total([1, 2, 3])
    [1, 3, 6]
    """
    total = 0
    sums = []
    for number in numbers:
        total += number
        sums.append(total)
    return sums


def page_of(name):
    """A page: {ATTACK}

    >>> page_of("a")
    'a{ATTACK}'
    """
    tail = {ATTACK!r}
    page = name + tail
    return page
'''


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished build."""
    seeds = tmp_path_factory.mktemp("seeds")
    (seeds / "two.py").write_text(SEEDS)
    out = tmp_path_factory.mktemp("build") / "pyx"
    shares = {"validation_share": 0.0, "test_share": 0.0}
    build(BuildConfig(seeds=(f"files:{seeds}",), max_proposals=40, **shares), out)  # type: ignore[arg-type]  # two floats
    return out


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """One sandbox for all."""
    with Sandbox() as box:
        yield box


@pytest.fixture
def viewer(folder: Path, sandbox: Sandbox) -> Iterator[Viewer]:
    """A server that answers."""
    with Viewer(folder, sandbox, port=0) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
