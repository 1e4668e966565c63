"""Kill a build at random moments, run it again, and compare every published byte.

    python benchmarks/crashes.py [--kills 60] [--seed SPEC ...] [--programs N]

Each time a fresh folder: the build is killed with SIGKILL at a moment drawn evenly from the time
that an undisturbed one takes, then the same command finishes it. Prints how far the killed ones
had come, and how many folders differ from the undisturbed one in any byte.
"""

import argparse
import hashlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path


def command(out: Path, seeds: list[str], programs: int) -> list[str]:
    """The build, as a user starts it."""
    main = "from pyx_dataset.cli import main; main()"
    chosen = [word for seed in seeds for word in ("--seeds", seed)]
    return [
        sys.executable, "-c", main, "build", *chosen, "--programs", str(programs),
        "--workers", "2", "--out", str(out),
    ]  # fmt: skip


def fingerprint(folder: Path) -> dict[str, str]:
    """Of every published file."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".build" not in path.parts
    }


def progress(folder: Path) -> str:
    """How far a killed build had come."""
    if (folder / ".build" / "done").exists():
        return "finished"
    if (folder / "build.json").exists() or list(folder.glob("*/*.parquet")):
        return "rows were being put in place"
    shards = len(list(folder.glob(".build/shard-*.json.gz")))
    if list(folder.glob(".export.*")):
        return "rows were being written"
    return "some shards" if shards else "no shard"


def finish(work: list[str]) -> None:
    """Run a build to its end."""
    subprocess.run(work, check=True, capture_output=True)  # noqa: S603  (our own)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--seeds", action="append", help="default: package:algorithms")
    parser.add_argument("--programs", type=int, default=150)
    options = parser.parse_args()
    seeds = options.seeds or ["package:algorithms"]
    rng = random.Random(7)  # noqa: S311  (moments, no secrets)
    with tempfile.TemporaryDirectory() as scratch:
        whole = Path(scratch) / "whole"
        started = time.monotonic()
        finish(command(whole, seeds, options.programs))
        lasts = time.monotonic() - started
        wanted = fingerprint(whole)
        print(f"undisturbed: {lasts:.1f} s, {len(wanted)} files")
        came: Counter[str] = Counter()
        different = left = 0
        for number in range(options.kills):
            out = Path(scratch) / f"killed-{number}"
            process = subprocess.Popen(  # noqa: S603  (our own)
                command(out, seeds, options.programs),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            time.sleep(rng.uniform(0.3, lasts))
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
            came[progress(out)] += 1
            finish(command(out, seeds, options.programs))
            different += fingerprint(out) != wanted
            left += bool(list(out.rglob("*.part")))
    print("| killed when | builds |\n| --- | --- |")
    for when, count in came.most_common():
        print(f"| {when} | {count} |")
    print(f"\n{different} of {options.kills} differ; {left} left a scratch file behind")


if __name__ == "__main__":
    main()
