"""How the tests of traces run a program."""

from collections.abc import Callable

import pytest

from pyx_dataset.schema import Outcome, Trace
from pyx_dataset.traces.codec import decode_steps
from pyx_dataset.traces.tracer import Tracer
from pyx_dataset.traces.values import NotPlain, canonical, describe_exception

TraceOf = Callable[[str, str], Trace]


@pytest.fixture
def trace_of() -> TraceOf:
    """Traces ``(code, call)`` in this process; fails if a limit is passed."""

    def traced(code: str, call: str) -> Trace:
        names: dict[str, object] = {"__name__": "program", "__package__": ""}
        exec(compile(code, "<program>", "exec"), names)
        tracer = Tracer(filename="<program>", max_steps=5_000, max_value_chars=5_000, source=code)
        value = exception = None
        try:
            result = tracer.run(lambda: eval(call, names))
        except Exception as error:  # noqa: BLE001  (whatever the program raises)
            exception = describe_exception(error, 5_000)
            outcome = Outcome.RAISED
        else:
            try:
                value, outcome = canonical(result, 5_000), Outcome.RETURNED
            except NotPlain:
                outcome = Outcome.NO_RESULT
        assert tracer.overflow is None, tracer.overflow
        return Trace(code, call, outcome, value, exception, decode_steps(tracer.steps))

    return traced
