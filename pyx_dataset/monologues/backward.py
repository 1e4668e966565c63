"""Backward monologues: from the output to arguments that give it, with no language model."""

from collections.abc import Sequence
from random import Random
from typing import Any

from pyx_dataset.errors import NotNarratable
from pyx_dataset.layout import BACKWARD_HEADINGS, assertion
from pyx_dataset.monologues.claims import in_backticks as code_span
from pyx_dataset.monologues.forward import require_value
from pyx_dataset.monologues.properties.inferred import Property
from pyx_dataset.monologues.properties.known import Known
from pyx_dataset.monologues.run.literals import Unknown, parse
from pyx_dataset.monologues.telling.describe import key_properties, understanding
from pyx_dataset.monologues.telling.forth import confirmation, uniqueness
from pyx_dataset.monologues.telling.phrases import listed
from pyx_dataset.monologues.telling.stretches import all_claims
from pyx_dataset.monologues.undoing.deduce import deduction, proposal
from pyx_dataset.schema import Monologue, Trace

_ENDINGS = (
    "With these arguments {call} gives {value}.",
    "So {call} gives {value}, as asked.",
    "{call} gives {value}.",
)

_REST_WORDS = 160
"""Left for what stands around the deduction."""


def backward(
    code: str,
    entry_point: str,
    trace: Trace,
    instruction: str,
    rng: Random,
    *,
    properties: Sequence[Property] = (),
    known: Sequence[Known] = (),
    max_words: int = 700,
) -> Monologue:
    """
    Reason from the value of the call in `trace` to arguments that give it.

    The path, with its branches and the passes of its loops, is that of the run in `trace`; a value
    is named where it is deduced, and where several would do, that is said. Where another of the
    `known` calls gives the same value, one of them is named at the end.

    Raises:
        NotNarratable: the call did not return, or no honest way leads from its value to arguments.
    """
    value = require_value(code, trace)
    steps, free = deduction(trace, rng)
    for full_passes in (1, 0):
        if sum(len(step.split()) for step in steps) > max_words - _REST_WORDS:
            steps, free = deduction(trace, rng, full_passes)
    if free:
        steps.append(f"Nothing on this path depends on the rest, so take {listed(free)}.")
    ending = rng.choice(_ENDINGS).format(call=code_span(trace.call), value=code_span(value))
    sections = (
        understanding(code, entry_point, instruction, rng),
        key_properties(code, entry_point, properties, rng),
        "\n".join(f"- {step}" for step in [*steps, confirmation(trace)]),
        f"{ending} {uniqueness(trace, known, rng)}".strip(),
    )
    text = "\n\n".join(
        f"{heading}\n{section}"
        for heading, section in zip(BACKWARD_HEADINGS, sections, strict=True)
    )
    return Monologue("backward", text, assertion(trace.call, value), all_claims(text, code))


def deduced(trace: Trace, rng: Random) -> dict[str, Any] | None:
    """
    Arguments deduced from the value of `trace` alone where that determines them, else plain.

    Only the path is that of `trace`. Parameters that are left out do not matter; None if nothing
    can be deduced.
    """
    try:
        return {name: parse(value) for name, value in proposal(trace, rng).items()}
    except (NotNarratable, Unknown):
        return None
