"""The floor: fork, run the program and its calls, wait. No limits, no isolation, no pipes.

Run as ``python -I -S bare_fork.py < WORK.json`` with the modules that a worker has imported.
"""

import gc
import importlib
import json
import os
import sys


def main() -> None:
    """Run every job so many rounds, one process each."""
    work = json.load(sys.stdin)
    for name in work["modules"]:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()
    right = 0
    for turn in range(work["rounds"]):
        for job in work["jobs"]:
            pid = os.fork()
            if pid == 0:
                run(job["code"] + f"\n# {turn}\n", job["calls"], job["expected"])
            right += os.waitpid(pid, 0)[1] == 0
    print(json.dumps({"right": right}))


def run(code: str, calls: list[str], expected: list[str]) -> None:
    """Run one program in this process and end it; status 0 if every value is right."""
    status = 1
    try:
        names: dict[str, object] = {}
        exec(code, names)  # noqa: S102  (its job)
        values = [repr(eval(call, names)) for call in calls]  # noqa: S307  (its job)
        status = int(values != expected)
    finally:
        os._exit(status)


if __name__ == "__main__":
    main()
