"""Backward monologues: from the output to arguments that give it, with no language model."""

from random import Random

from pyx_dataset.layout import BACKWARD_HEADINGS, assertion
from pyx_dataset.monologues.claims import claims
from pyx_dataset.monologues.claims import in_backticks as code_span
from pyx_dataset.monologues.deduce import deduction
from pyx_dataset.monologues.describe import static_properties, understanding
from pyx_dataset.monologues.forward import require_value
from pyx_dataset.monologues.phrases import listed
from pyx_dataset.schema import Monologue, Trace

_ENDINGS = (
    "Run forward, {call} gives {value}, as asked.",
    "Check forward: {call} gives {value}.",
    "With these arguments, {call} gives {value}.",
)


def backward(code: str, entry_point: str, trace: Trace, instruction: str, rng: Random) -> Monologue:
    """
    Reason from the value of the call in `trace` to arguments that give it.

    The path is that of a known execution; an argument's value is named where it is deduced.
    The answer is to be executed before it is believed.

    Raises:
        NotNarratable: the call did not return, or no honest way leads from its value to arguments.
    """
    value = require_value(code, trace)
    steps, free = deduction(trace, rng)
    if free:
        steps.append(f"Nothing on this path depends on the rest, so take {listed(free)}.")
    sections = (
        understanding(code, entry_point, instruction, rng),
        "\n".join(f"- {line}" for line in static_properties(code, entry_point)),
        "\n".join(f"- {step}" for step in steps),
        rng.choice(_ENDINGS).format(call=code_span(trace.call), value=code_span(value)),
    )
    text = "\n\n".join(
        f"{heading}\n{section}"
        for heading, section in zip(BACKWARD_HEADINGS, sections, strict=True)
    )
    return Monologue("backward", text, assertion(trace.call, value), claims(text, code))
