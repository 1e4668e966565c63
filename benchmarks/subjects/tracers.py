"""Trace the same calls in one of several ways, and say the CPU time of each program.

Run as ``python tracers.py HOW < WORK.json``; HOW is ``untraced``, ``floor`` (a trace function
that does nothing), ``ours`` or ``pysnooper``. Work is ``{"programs": [[code, call, rounds]]}``.
"""

import gc
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Thunk = Callable[[], object]


def untraced(code: str, thunk: Thunk) -> object:
    """Just the call."""
    return thunk()


def floor(code: str, thunk: Thunk) -> object:
    """The least that tracing every line costs."""

    def local(frame: object, event: str, arg: object) -> Any:
        return local

    def enter(frame: Any, event: str, arg: object) -> Any:
        return local if frame.f_code.co_filename == FILE else None

    sys.settrace(enter)
    try:
        return thunk()
    finally:
        sys.settrace(None)


def ours(code: str, thunk: Thunk) -> object:
    """All steps with full values, ready for JSON."""
    from pyx_dataset.traces.tracer import Tracer

    tracer = Tracer(filename=FILE, source=code, max_steps=10**7, max_value_chars=10**7)
    value = tracer.run(thunk)
    if tracer.overflow is not None or not tracer.steps:
        raise SystemExit(f"no trace: {tracer.overflow}")
    return value


def pysnooper(code: str, thunk: Thunk) -> object:
    """All lines with full values, as text that nobody keeps; helpers of the program too."""
    from pysnooper import snoop

    wrap = snoop(lambda text: None, max_variable_length=None, depth=4, color=False)
    return wrap(thunk)()


HOW = {"untraced": untraced, "floor": floor, "ours": ours, "pysnooper": pysnooper}
FILE = str(Path(tempfile.gettempdir()) / "program.py")
"""PySnooper shows source lines, so there has to be a file."""


def main() -> None:
    """Run the work; prints the CPU seconds of one round of each program."""
    how = HOW[sys.argv[1]]
    spent = []
    for code, call, rounds in json.load(sys.stdin)["programs"]:
        Path(FILE).write_text(code)
        names: dict[str, Any] = {"__name__": "program"}
        exec(compile(code, FILE, "exec"), names)  # noqa: S102  (written next door)
        function = compile(call, "<call>", "eval")
        expected = eval(function, names)  # noqa: S307  (the same)
        if how(code, lambda: eval(function, names)) != expected:  # noqa: B023, S307  (called here)
            raise SystemExit(f"{call} gives another value when it is traced")
        gc.collect()
        gc.freeze()  # as in a worker; else what else is imported decides how long it collects
        started = time.process_time()
        for _ in range(rounds):
            how(code, lambda: eval(function, names))  # noqa: B023, S307  (called here)
        spent.append((time.process_time() - started) / rounds)
    print(json.dumps(spent))


if __name__ == "__main__":
    main()
