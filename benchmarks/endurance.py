"""A hundred thousand executions in one run: does anything grow, slow down or stay behind?

    python benchmarks/endurance.py [--executions N] [--workers N]

Programs differ, one in twenty misbehaves (it exits, raises, fills its memory, prints without
end), and each line of the table is a tenth of the run. Memory is resident and private or shared
alike, of this process and of all that it started.
"""

import argparse
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from pyx_dataset import Job, Limits, Sandbox

CALLS = 5
HONEST = """
def f(n):
    words = ["w%d" % (i % {0}) for i in range(n)]
    counts = {{}}
    for word in words:
        counts[word] = counts.get(word, 0) + 1
    return sorted(counts.items())
"""
MISBEHAVED = (
    "import os\ndef f(n): os._exit(0)",
    "def f(n): return n / 0",
    "def f(n): return [0] * 10**9",
    "def f(n):\n    while True: print('x' * 1000)",
    "import ctypes\ndef f(n): return ctypes.string_at(0)",
)


def jobs(count: int) -> Iterator[Job]:
    """So many programs, with five calls each."""
    calls = tuple(f"f({n})" for n in range(1, CALLS + 1))
    for index in range(count):
        code = HONEST.format(index + 1)
        if index % 20 == 19:
            code = f"{MISBEHAVED[index // 20 % len(MISBEHAVED)]}  # {index}"
        yield Job(str(index), code, calls)


def family() -> list[Path]:
    """Folders in /proc of this process and of all that it started, itself first."""
    found = [Path("/proc/self")]
    for folder in found:
        for task in (folder / "task").iterdir():
            pids = (task / "children").read_text(encoding="ascii").split()
            found += [Path("/proc") / pid for pid in pids]
    return found


def resident_mib(folder: Path) -> float:
    """Resident memory of a process."""
    pages = int((folder / "statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 2**20


def main() -> None:
    """Run and print a line for each tenth."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--executions", type=int, default=100_000)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    programs = options.executions // CALLS
    outcomes: Counter[str] = Counter()
    print("| executions | a second | this process, MiB | workers, MiB | processes |")
    print("| ---: | ---: | ---: | ---: | ---: |")
    with Sandbox(workers=options.workers, limits=Limits(memory_mib=128), require="strong") as box:
        started = time.monotonic()
        for done, result in enumerate(box.run(jobs(programs)), start=1):
            outcomes.update(str(call.outcome) for call in result.calls)
            if done % max(programs // 10, 1) == 0:
                rate = CALLS * programs / 10 / (time.monotonic() - started)
                own, *others = family()
                print(
                    f"| {CALLS * done:,} | {rate:,.0f} | {resident_mib(own):.1f} | "
                    f"{sum(map(resident_mib, others)):.1f} | {len(others)} |",
                    flush=True,
                )
                started = time.monotonic()
    print("\n" + ", ".join(f"{name} {count:,}" for name, count in sorted(outcomes.items())))
    print(f"left behind: {len(family()) - 1} processes")


if __name__ == "__main__":
    main()
