"""Checks on executions: None keeps one, a reason of `REASONS` drops it."""

import re

from pyx_dataset.schema import Execution

_ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]{6,}")


def has_address(execution: Execution) -> str | None:
    """``<object at 0x7f...>``, in a string too, stands for state that no reader can see."""
    trace = execution.trace
    texts = [trace.value, trace.exception]
    texts += [step.value for step in trace.steps]
    texts += [change.value for step in trace.steps for change in step.changed]
    return "hidden_state" if any(text and _ADDRESS.search(text) for text in texts) else None
