"""Streams that run in threads lose nothing and stop when nobody listens."""

import threading
from collections.abc import Iterator
from itertools import count

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from evaluation.backends.lanes import as_they_come


@pytest.mark.usefixtures("two_threads")
@given(st.lists(st.lists(st.integers(), max_size=20), max_size=5))
def test_every_item_comes_once_and_each_stream_in_its_order(streams: list[list[int]]) -> None:
    """As `enumerate` names them."""
    named = [[(place, item) for item in stream] for place, stream in enumerate(streams)]
    found = list(as_they_come(named))
    assert [[one for one in found if one[0] == place] for place in range(len(streams))] == named


@pytest.mark.usefixtures("two_threads")
def test_streams_run_at_the_same_time() -> None:
    """Each waits for the other, which in turns would last until the barrier breaks."""
    barrier = threading.Barrier(2, timeout=20)

    def waiting() -> Iterator[int]:
        yield barrier.wait()

    assert sorted(as_they_come([waiting(), waiting()])) == [0, 1]


@pytest.mark.usefixtures("two_threads")
def test_a_stream_that_fails_is_said() -> None:
    """Behind what the others gave: `extend` keeps it."""
    found: list[int] = []
    with pytest.raises(ZeroDivisionError):
        found.extend(as_they_come([(1 // item for item in [0]), [7, 8]]))
    assert found == [7, 8]


@pytest.mark.usefixtures("two_threads")
def test_streams_stop_when_nobody_wants_more() -> None:
    """Even endless ones."""
    answers = as_they_come([count(), count()])
    next(answers)
    answers.close()  # type: ignore[attr-defined]
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("lane")]


@pytest.mark.usefixtures("two_threads")
def test_each_lane_has_its_share_of_the_threads() -> None:
    """And afterwards the machine is as it was."""
    shares = list(as_they_come([(torch.get_num_threads() for _ in [0]) for _ in range(2)]))
    assert shares == [1, 1]
    assert torch.get_num_threads() == 2
