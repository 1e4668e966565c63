"""Where generators go on: "[L7] `f` goes on" holds where `f` is resumed at that line, in order."""

import re
from collections.abc import Iterator

from pyx_dataset.monologues.verdicts import Finding
from pyx_dataset.schema import Claim, Trace

_GOES_ON = re.compile(r"\[L(\d+)\] (`(\w+)` goes on)\b")


def resumptions(
    text: str, trace: Trace, offset: int
) -> Iterator[tuple[Claim, Finding, int | None]]:
    """Each resumption that `text` tells, what the run says of it, and the step that shows it."""
    entered = [(place, step) for place, step in enumerate(trace.steps) if step.event == "call"]
    at = 0
    for found in _GOES_ON.finditer(text):
        line, name = int(found[1]) - offset, found[3]
        claim = Claim("resumes", name, "", line, found[2])
        place = next(
            (
                number
                for number in range(at, len(entered))
                if (entered[number][1].line, entered[number][1].function) == (line, name)
            ),
            None,
        )
        if place is None:
            yield claim, (False, "it does not go on there at this point"), None
        else:
            at = place + 1
            yield claim, (True, None), entered[place][0]
