"""Traces as the rows of config `executions` hold them, and read back from there."""

from typing import Any

from pyx_dataset.schema import EVENTS, Change, Outcome, Step, Trace

Row = dict[str, Any]


def step_row(step: Step) -> Row:
    """One item of the column `steps`."""
    return {
        "line": step.line,
        "event": EVENTS.index(step.event),
        "depth": step.depth,
        "function": step.function,
        "changed": [{"name": change.name, "value": change.value} for change in step.changed],
        "value": step.value,
    }


def steps_of(row: Row) -> tuple[Step, ...]:
    """The steps in a row as read from Parquet."""
    return tuple(
        Step(
            line=step["line"],
            event=EVENTS[step["event"]],
            depth=step["depth"],
            function=step["function"],
            changed=tuple(Change(**change) for change in step["changed"]),
            value=step["value"],
        )
        for step in row["steps"]
    )


def trace_of(row: Row) -> Trace:
    """The whole trace in a row as read from Parquet."""
    outcome = Outcome(row["outcome"])
    return Trace(row["code"], row["call"], outcome, row["value"], row["exception"], steps_of(row))
