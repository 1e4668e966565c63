"""Backward monologues: from the output to arguments that give it, with no language model."""

from collections.abc import Sequence
from random import Random

from pyx_dataset.layout import BACKWARD_HEADINGS, assertion
from pyx_dataset.monologues.claims import in_backticks as code_span
from pyx_dataset.monologues.forward import require_value
from pyx_dataset.monologues.properties.inferred import Property
from pyx_dataset.monologues.properties.known import Known
from pyx_dataset.monologues.telling.describe import key_properties, understanding
from pyx_dataset.monologues.telling.forth import confirmation, uniqueness
from pyx_dataset.monologues.telling.stretches import all_claims
from pyx_dataset.monologues.undoing.arguments import deduction
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
    is_own: bool = False,
    max_words: int = 700,
) -> Monologue:
    """
    Reason from the value of the call in `trace` to arguments that give it.

    The path, with its branches and the passes of its loops, is that of the run in `trace`; a value
    is named where it is deduced, and where several would do, that is said. What is not deduced is
    said to be tried, and counted; where the call was known before (`is_own`), that is all that
    does not follow from the value. Where another of the `known` calls gives the same value, one of
    them is named at the end.

    Raises:
        NotNarratable: the call did not return, or no honest way leads from its value to arguments.
    """
    value = require_value(code, trace)
    found = deduction(trace, rng, is_own=is_own)
    for full_passes in (1, 0):
        if sum(len(step.split()) for step in found.steps) > max_words - _REST_WORDS:
            found = deduction(trace, rng, full_passes, is_own)
    ending = rng.choice(_ENDINGS).format(call=code_span(trace.call), value=code_span(value))
    sections = (
        understanding(code, entry_point, instruction, rng),
        key_properties(code, entry_point, properties, rng),
        "\n".join(f"- {step}" for step in [*found.steps, confirmation(trace)]),
        f"{ending} {uniqueness(trace, known, rng)}".strip(),
    )
    text = "\n\n".join(
        f"{heading}\n{section}"
        for heading, section in zip(BACKWARD_HEADINGS, sections, strict=True)
    )
    answer, claims = assertion(trace.call, value), all_claims(text, code)
    return Monologue("backward", text, answer, claims, found.supposed)
