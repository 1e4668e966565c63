"""How fast to tell: which passes of a loop, and which calls, are told in one sentence.

The first passes of a loop and its last are told one by one, and so is each pass or call that
runs a line for the first time. What is told together brings no new line.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pyx_dataset.monologues.run.story import Moment
from pyx_dataset.monologues.telling.passes import Stretch, runs


@dataclass(frozen=True, slots=True)
class Pace:
    """How much is told in full."""

    long_loop: int
    """A loop of more passes is told in full for its first `full_passes` and its last."""
    full_passes: int
    full_calls: int | None
    """Calls of a helper told in full, however alike; None for all."""
    longest_call: int
    """Moments of a call, inner ones included, beyond which it is told in full after all."""
    with_reasons: bool = True
    """Are the values of parts told that a step follows from?"""


CALM = Pace(long_loop=6, full_passes=3, full_calls=None, longest_call=0)
PACES = (
    CALM,
    Pace(long_loop=4, full_passes=2, full_calls=3, longest_call=16),
    Pace(long_loop=2, full_passes=1, full_calls=1, longest_call=60),
    Pace(long_loop=2, full_passes=1, full_calls=1, longest_call=1_000, with_reasons=False),
)
"""From the calmest to the briskest."""

AGAIN = Pace(long_loop=3, full_passes=1, full_calls=None, longest_call=0)
"""For a loop that was told before, e.g. one inside another."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One call of a helper, from its entry to its return."""

    start: int
    end: int
    """The place behind its return."""


def units(story: Sequence[Moment], pace: Pace) -> Iterator[int | Stretch | Visit]:
    """The parts in which a story is told: places, stretches of passes, visits of helpers."""
    return _Pacer(story, pace).units()


class _Pacer:
    """Goes through a story once and remembers what was told in full."""

    def __init__(self, story: Sequence[Moment], pace: Pace) -> None:
        self.story, self.pace = story, pace
        self.seen: set[tuple[str, int]] = set()
        self.loops_told: set[tuple[str, int]] = set()
        self.calls_told: dict[str, int] = {}
        self.returns = {
            item.frame: place for place, item in enumerate(story) if item.event == "return"
        }
        entered = Counter(item.frame for item in story if item.event == "call")
        self.paused = {frame for frame, times in entered.items() if times > 1}
        """Generators that were resumed: between their entry and their end others run."""
        self.passes = {
            place: (headers, number)
            for headers in runs(story)
            for number, place in enumerate(headers)
        }

    def units(self) -> Iterator[int | Stretch | Visit]:
        place = 0
        while place < len(self.story):
            unit = self._visit(place) or self._stretch(place) or place
            yield unit
            if isinstance(unit, int):
                self._tell(place)
                place += 1
            else:
                place = unit.end

    def _tell(self, place: int) -> None:
        moment = self.story[place]
        self.seen.add((moment.function, moment.line))
        if moment.event == "call":
            self.calls_told[moment.function] = self.calls_told.get(moment.function, 0) + 1
        headers, number = self.passes.get(place, ([], 0))
        if headers and number == len(headers) - 1:
            self.loops_told.add((moment.function, moment.line))

    def _is_known(self, start: int, end: int) -> bool:
        return all((item.function, item.line) in self.seen for item in self.story[start:end])

    def _visit(self, place: int) -> Visit | None:
        moment, most = self.story[place], self.pace.full_calls
        if moment.event != "call" or moment.depth == 0 or most is None:
            return None
        if moment.frame in self.paused:
            return None
        end = self.returns.get(moment.frame, -1) + 1
        is_fit = 2 < end - place <= self.pace.longest_call
        if (
            is_fit
            and self.calls_told.get(moment.function, 0) >= most
            and self._is_known(place, end)
        ):
            return Visit(place, end)
        return None

    def _stretch(self, place: int) -> Stretch | None:
        headers, first = self.passes.get(place, ([], 0))
        if not headers:
            return None
        moment = self.story[place]
        again = (moment.function, moment.line) in self.loops_told
        pace = AGAIN if again and self.pace is CALM else self.pace
        if (moment.passes or 0) <= pace.long_loop or first < pace.full_passes:
            return None
        passes = sum(self.story[item].entered is True for item in headers)
        end = first
        # The last pass may end the function, so it has no next header, and it is told anyway.
        while end < passes - 1 and self._is_known(headers[end], headers[end + 1]):
            end += 1
        if end - first < 2 or moment.statement is None:
            return None
        places = tuple(headers[first:end])
        return Stretch(moment.statement, first + 1, end, places, headers[end])
