"""Trace the calls that a golden program lists, on the Python that runs this file.

Usage: python record.py FOLDER_OF_PYX_DATASET PROGRAM.py ... ; prints JSON, one entry per program.
"""

import json
import sys
import types
from contextlib import suppress
from pathlib import Path


def record(code: str) -> dict[str, list[list[object]]]:
    """Each ``# call:`` line of the program with the steps of that call."""
    calls = [line.removeprefix("# call: ") for line in code.splitlines() if "# call: " in line]
    return {call: steps(code, call) for call in calls}


def steps(code: str, call: str) -> list[list[object]]:
    """What the tracer writes down for one call."""
    from pyx_dataset.traces.tracer import Tracer

    names: dict[str, object] = {"__name__": "program"}
    exec(compile(code, "<program>", "exec"), names)
    tracer = Tracer(filename="<program>", max_steps=1_000, max_value_chars=1_000, source=code)
    with suppress(LookupError, ArithmeticError, ValueError, TypeError, RuntimeError):
        tracer.run(lambda: eval(call, names))
    if tracer.overflow is not None:
        raise RuntimeError(f"{call}: {tracer.overflow}")
    return tracer.steps


if __name__ == "__main__":
    package = types.ModuleType("pyx_dataset")  # the library itself needs more than plain Python
    package.__path__ = [sys.argv[1]]
    sys.modules["pyx_dataset"] = package
    sys.modules["program"] = types.ModuleType("program")  # where dataclasses look
    recorded = {Path(name).stem: record(Path(name).read_text()) for name in sys.argv[2:]}
    sys.stdout.write(json.dumps(recorded))
