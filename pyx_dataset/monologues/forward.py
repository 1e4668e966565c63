"""Forward monologues: from the call to the value, told from a trace with no language model."""

from random import Random

from pyx_dataset.errors import NotNarratable
from pyx_dataset.layout import FORWARD_HEADINGS, assertion
from pyx_dataset.monologues.blocks import outline
from pyx_dataset.monologues.claims import claims
from pyx_dataset.monologues.claims import in_backticks as code_span
from pyx_dataset.monologues.describe import properties, understanding
from pyx_dataset.monologues.simulate import simulation
from pyx_dataset.schema import Monologue, Outcome, Trace


def forward(code: str, entry_point: str, trace: Trace, instruction: str, rng: Random) -> Monologue:
    """
    Say what the call in `trace` does, line by line, and what it returns.

    `instruction` is what the function is for, in its author's words; it may be empty.

    Raises:
        NotNarratable: the call did not return, or a value on the way cannot be stated.
    """
    value = require_value(code, trace)
    sections = (
        understanding(code, entry_point, instruction, rng),
        "\n".join(f"- {line}" for line in properties(code, entry_point, trace)),
        simulation(trace, rng),
        _conclusion(entry_point, trace, value, rng),
    )
    text = "\n\n".join(
        f"{heading}\n{body}" for heading, body in zip(FORWARD_HEADINGS, sections, strict=True)
    )
    return Monologue("forward", text, assertion(trace.call, value), claims(text, code))


def require_value(code: str, trace: Trace) -> str:
    """
    The value that the call returned.

    Raises:
        NotNarratable: there is none, or the run went through a generator, whose pauses the
            steps of a trace do not show.
    """
    if trace.outcome is not Outcome.RETURNED or trace.value is None:
        reason = trace.outcome.value if trace.outcome is not Outcome.RETURNED else "no_result"
        raise NotNarratable(reason, trace.exception or trace.call)
    generators = outline(code).generators
    for step in trace.steps:
        if step.function.rpartition(".")[2] in generators:
            raise NotNarratable("hidden_state", f"{step.function} is a generator")
    return trace.value


def _conclusion(entry_point: str, trace: Trace, value: str, rng: Random) -> str:
    return rng.choice(
        [
            f"The call returns {code_span(value)}.",
            f"So {code_span(trace.call)} is {code_span(value)}.",
            f"In the end {code_span(entry_point)} returns {code_span(value)}.",
        ]
    )
