"""Trace the calls that a golden program lists, on the Python that runs this file.

Usage: python record.py FOLDER_OF_PYX_DATASET PROGRAM.py ... ; prints JSON, one entry per program.
Each call also runs rewritten, so that it notes its parts; if its steps differ then, this fails.
"""

import json
import sys
import types
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any

LIMITS = {"trace_steps": 1_000, "trace_value_chars": 1_000}


def record(code: str) -> dict[str, list[list[object]]]:
    """Each ``# call:`` line of the program with the steps of that call."""
    calls = [line.removeprefix("# call: ") for line in code.splitlines() if "# call: " in line]
    return {call: steps(code, call) for call in calls}


def steps(code: str, call: str) -> list[list[object]]:
    """What the tracer writes down for one call."""
    from pyx_dataset.traces.parts import PartsRecorder

    plain, noted = run(code, call, None), run(code, call, PartsRecorder(LIMITS))
    if json.dumps(plain) != json.dumps(noted):
        raise RuntimeError(f"{call}: differs when its parts are noted\n{plain}\n{noted}")
    return plain


def run(code: str, call: str, recorder: Any) -> list[list[object]]:
    """The steps of one call, of the program as it is or as it notes its parts."""
    from pyx_dataset.traces.tracer import Tracer

    names: dict[str, object] = {"__name__": "program"}
    body = recorder and recorder.compiled(code, "<program>")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about programs that are odd on purpose
        exec(body or compile(code, "<program>", "exec", dont_inherit=True), names)
    tracer = Tracer(filename="<program>", max_steps=1_000, max_value_chars=1_000, source=code)
    if recorder:
        recorder.start(tracer)
    with suppress(
        LookupError, ArithmeticError, ValueError, TypeError, RuntimeError, AssertionError
    ):
        tracer.run(lambda: eval(call, names))
    if tracer.overflow is not None:
        raise RuntimeError(f"{call}: {tracer.overflow}")
    if recorder and "parts" not in recorder.result():
        raise RuntimeError(f"{call}: {recorder.overflow}")
    return tracer.steps


if __name__ == "__main__":
    package = types.ModuleType("pyx_dataset")  # the library itself needs more than plain Python
    package.__path__ = [sys.argv[1]]
    sys.modules["pyx_dataset"] = package
    sys.modules["program"] = types.ModuleType("program")  # where dataclasses look
    recorded = {Path(name).stem: record(Path(name).read_text()) for name in sys.argv[2:]}
    sys.stdout.write(json.dumps(recorded))
