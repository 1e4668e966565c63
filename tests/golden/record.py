"""Trace the calls that a golden program lists, on the Python that runs this file.

Usage: python record.py FOLDER_OF_PYX_DATASET PROGRAM.py ... ; prints JSON, one entry per program.
"""

import json
import sys
import types
from pathlib import Path


def record(path: Path) -> dict[str, list[object]]:
    """Each ``# call:`` line of the program with the steps of that call."""
    from pyx_dataset.traces.tracer import Tracer

    code = path.read_text()
    recorded: dict[str, list[object]] = {}
    for line in code.splitlines():
        if line.startswith("# call: "):
            call = line.removeprefix("# call: ")
            names = {"__name__": "program"}
            exec(compile(code, "<program>", "exec"), names)
            tracer = Tracer(
                filename="<program>", max_steps=1_000, max_value_chars=1_000, source=code
            )
            try:
                tracer.run(lambda: eval(call, names))
            except Exception as error:
                assert tracer.overflow is None, (call, error)
            recorded[call] = tracer.steps
    return recorded


if __name__ == "__main__":
    package = types.ModuleType("pyx_dataset")  # the library itself needs more than plain Python
    package.__path__ = [sys.argv[1]]
    sys.modules["pyx_dataset"] = package
    sys.modules["program"] = types.ModuleType("program")  # where dataclasses look
    print(json.dumps({Path(name).stem: record(Path(name)) for name in sys.argv[2:]}))
