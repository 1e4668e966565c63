"""Forward monologues: from the call to the value, told from a trace with no language model."""

from collections.abc import Sequence
from random import Random

from pyx_dataset.errors import NotNarratable
from pyx_dataset.layout import FORWARD_HEADINGS, assertion
from pyx_dataset.monologues.claims import in_backticks as code_span
from pyx_dataset.monologues.properties.inferred import Property
from pyx_dataset.monologues.run.story import waits_twice
from pyx_dataset.monologues.telling import changes
from pyx_dataset.monologues.telling.describe import key_properties, understanding
from pyx_dataset.monologues.telling.pace import PACES
from pyx_dataset.monologues.telling.simulate import simulation
from pyx_dataset.monologues.telling.stretches import all_claims
from pyx_dataset.schema import Monologue, Outcome, Trace

_REST_WORDS = 160
"""Left for what stands around the simulation."""


def forward(
    code: str,
    entry_point: str,
    trace: Trace,
    instruction: str,
    rng: Random,
    *,
    properties: Sequence[Property] = (),
    max_words: int = 700,
) -> Monologue:
    """
    Say what the call in `trace` does, line by line, and what it returns.

    `instruction` is what the function is for, in its author's words; it may be empty. Of
    `properties`, which held in all known calls, the most telling are stated. A run that
    would take more than `max_words` is told at a brisker pace, if that makes it fit.

    Raises:
        NotNarratable: the call did not return, or a value on the way cannot be stated.
    """
    value = require_value(code, trace)
    sections = (
        understanding(code, entry_point, instruction, rng),
        key_properties(code, entry_point, properties, rng, trace),
        _fitting(trace, rng, max_words - _REST_WORDS),
        _conclusion(entry_point, trace, value, rng),
    )
    text = "\n\n".join(
        f"{heading}\n{body}" for heading, body in zip(FORWARD_HEADINGS, sections, strict=True)
    )
    return Monologue("forward", text, assertion(trace.call, value), all_claims(text, code))


def _fitting(trace: Trace, rng: Random, max_words: int) -> str:
    """The simulation at the calmest pace that keeps it to `max_words`, or at the briskest."""
    told = simulation(trace, rng, PACES[0])
    # What is far too long does not get short enough one step at a time.
    paces = PACES[1:] if len(told.split()) <= 2 * max_words else PACES[2:]
    for pace in paces:
        if len(told.split()) <= max_words:
            break
        told = simulation(trace, rng, pace)
    return told


def require_value(code: str, trace: Trace) -> str:
    """
    The value that the call returned.

    Raises:
        NotNarratable: there is none, or the steps do not show which of two generators goes on,
            or an object holds state that they do not show.
    """
    if trace.outcome is not Outcome.RETURNED or trace.value is None:
        reason = trace.outcome.value if trace.outcome is not Outcome.RETURNED else "no_result"
        raise NotNarratable(reason, trace.exception or trace.call)
    if function := waits_twice(trace):
        raise NotNarratable("hidden_state", f"two runs of the generator {function} wait at once")
    changes.require_visible(trace)
    return trace.value


def _conclusion(entry_point: str, trace: Trace, value: str, rng: Random) -> str:
    return rng.choice(
        [
            f"The call returns {code_span(value)}.",
            f"So {code_span(trace.call)} is {code_span(value)}.",
            f"In the end {code_span(entry_point)} returns {code_span(value)}.",
            f"With that the run is over, and {code_span(entry_point)} returns {code_span(value)}.",
            f"Nothing is left to run: {code_span(trace.call)} gives {code_span(value)}.",
        ]
    )
