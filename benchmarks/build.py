"""What a build costs: CPU and memory by size, by stage, and against executions alone.

    python -m benchmarks.build [--sizes 500 2000 5000] [--profile 200] [--floor 100] [--seeds SPEC]

Each size is a whole build of that many programs of the grammar with one worker, in a process
of its own; CPU time is that of the process and of all its children, so that load beside it
does not count. Memory is the largest resident set of the building process itself (the
sandbox's processes are limited by its own settings).

The stages are timed in one process, by wrapping the functions that `pyx_dataset.program` and
`pyx_dataset.pipeline` call; what the sandboxes use is charged to the stage that waits for them.

The floor is what the published calls cost if they are only run, traced, once under each hash
seed, in the same sandboxes: no proposals, no text, no files.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from pyx_dataset import pipeline, program
from pyx_dataset.config import BuildConfig, load_config
from pyx_dataset.population import Gathering
from pyx_dataset.sandbox.pool import Job
from pyx_dataset.seeds.collect import collect
from pyx_dataset.shards import Shard

STAGES = {
    "inputs: propose and try": (program, "explore"),
    "inputs: choose": (program, "choose"),
    "executions: confirm": (program, "confirm"),
    "monologues: neighbours": (program, "know"),
    "monologues: forward": (program, "tell_forward"),
    "monologues: backward": (program, "tell_backward"),
    "seeds, families, splits": (pipeline, "_programs"),
    "export": (pipeline, "_export"),
}
"""Functions that do not call each other, so that their times add up."""


def cpu_s() -> float:
    """CPU time of this process and of all its children that have ended."""
    own, children = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def living_cpu_s() -> float:
    """The same, with those children that still run, and theirs."""
    ticks = os.sysconf("SC_CLK_TCK")
    parents: dict[int, int] = {}
    used: dict[int, float] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue  # it ended
            parents[int(entry.name)] = int(fields[1])
            # utime, stime and those of its children that ended (fields 14 to 17 of proc(5))
            used[int(entry.name)] = sum(map(int, fields[11:15])) / ticks
    mine, found = {os.getpid()}, set[int]()
    while mine:
        found |= mine
        mine = {pid for pid, parent in parents.items() if parent in mine} - found
    return sum(used[pid] for pid in found if pid in used)


def build_once(specs: tuple[str, ...]) -> dict[str, Any]:
    """Build in this process; what came out and what it cost."""
    folder = Path(tempfile.mkdtemp(prefix="pyx-bench-"))
    try:
        before, start = living_cpu_s(), time.perf_counter()
        report = pipeline.build(load_config("small").with_changes(seeds=specs), folder / "pyx")
        counts = report.record["counts"]
        return {
            "kept": sum(counts["programs"].values()),
            "rows": sum(sum(config.values()) for config in counts.values()),
            "cpu_s": living_cpu_s() - before,
            "wall_s": time.perf_counter() - start,
            "memory_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        }
    finally:
        shutil.rmtree(folder)


def growth(sizes: list[int]) -> list[dict[str, Any]]:
    """One build of each size, in a fresh process each."""
    rows = []
    for size in sizes:
        command = [sys.executable, "-m", "benchmarks.build", "--one", f"procedural:{size}"]
        # Our own module, with a number.
        done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
        rows.append({"programs": size, **json.loads(done.stdout.splitlines()[-1])})
        shown(rows[-1], rows[0])
    return rows


def shown(row: dict[str, Any], first: dict[str, Any]) -> None:
    """Print one line of the table."""
    each = row["cpu_s"] / row["rows"]
    base = first["cpu_s"] / first["rows"]
    print(
        f"{row['programs']:>7} programs: kept {row['kept']}, rows {row['rows']}, "
        f"CPU {row['cpu_s']:.0f} s ({row['kept'] / row['cpu_s']:.2f} programs and "
        f"{row['rows'] / row['cpu_s']:.1f} rows a second and core), wall {row['wall_s']:.0f} s, "
        f"CPU a row {1000 * each:.1f} ms ({100 * (each / base - 1):+.0f} %), "
        f"memory {row['memory_mib']:.0f} MiB "
        f"({100 * (row['memory_mib'] / first['memory_mib'] - 1):+.0f} %)",
        flush=True,
    )


@contextmanager
def _timed(used: dict[str, float]) -> Iterator[None]:
    """Charge the CPU of each stage, its sandboxes included, to `used`."""

    def wrapped(name: str, inner: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **options: Any) -> Any:
            before = living_cpu_s()
            try:
                return inner(*args, **options)
            finally:
                used[name] += living_cpu_s() - before

        return call

    with ExitStack() as stack:
        for name, (module, function) in STAGES.items():
            replacement = wrapped(name, getattr(module, function))
            stack.enter_context(mock.patch.object(module, function, replacement))
        yield


def stages(specs: tuple[str, ...]) -> None:
    """Print the share of each stage."""
    used = dict.fromkeys(STAGES, 0.0)
    with _timed(used):
        row = build_once(specs)
    used["shards, sandboxes' start, the rest"] = row["cpu_s"] - sum(used.values())
    for name, seconds in sorted(used.items(), key=lambda item: -item[1]):
        print(f"{name:36} {seconds:7.1f} s  {100 * seconds / row['cpu_s']:4.0f} %", flush=True)


def floor(config: BuildConfig) -> None:
    """Print what the kept calls cost alone, and the build's ratio to it."""
    folder = Path(tempfile.mkdtemp(prefix="pyx-bench-"))
    try:
        before = living_cpu_s()
        pipeline.build(config, folder / "pyx")
        whole = living_cpu_s() - before
        bundles = [
            bundle
            for file in sorted((folder / "pyx" / ".build").glob("shard-*"))
            for bundle in Shard.read(file).bundles
        ]
        before = living_cpu_s()
        with program.Boxes(config, "weak") as boxes:
            for bundle in bundles:
                calls = tuple(item.trace.call for item in bundle.executions)
                job = Job(bundle.program.id, bundle.program.seed.code, calls, trace=True)
                for box in (boxes.first, *boxes.others):
                    next(box.run([job]))
        alone = living_cpu_s() - before
        calls_kept = sum(len(bundle.executions) for bundle in bundles)
        print(
            f"floor: {len(bundles)} programs, {calls_kept} calls under "
            f"{len(program.HASH_SEEDS)} hash seeds: {alone:.1f} s; the build: {whole:.1f} s, "
            f"{whole / alone:.1f} times as much",
            flush=True,
        )
    finally:
        shutil.rmtree(folder)


def gathering(size: int) -> None:
    """Print what seeds, near duplicates and families cost alone, at a size no build reaches."""
    config = load_config("small").with_changes(seeds=(f"procedural:{size}",))
    folder = Path(tempfile.mkdtemp(prefix="pyx-bench-"))
    try:
        before = cpu_s()
        gathered = Gathering(folder / "seeds.jsonl", config)
        for item in collect(config.seeds, config):
            gathered.take(item)
        written = cpu_s() - before
        population = gathered.settle()
        families = Counter(place.family for place in population.places)
        print(
            f"{size:>7} seeds: {1000 * written / size:.2f} ms each to write and compare, "
            f"{1000 * (cpu_s() - before - written) / size:.2f} ms for families; "
            f"{len(gathered.rejected)} duplicates, {len(families)} families, the largest "
            f"{max(families.values())}; memory "
            f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB",
            flush=True,
        )
    finally:
        shutil.rmtree(folder)


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--sizes", type=int, nargs="*", default=[500, 2000, 5000])
    parser.add_argument("--profile", type=int, default=200, help="programs for the stages; 0: none")
    parser.add_argument("--floor", type=int, default=100, help="programs for the floor; 0: none")
    parser.add_argument("--gather", type=int, nargs="*", default=[], help="seeds alone")
    parser.add_argument("--one", help="(used by itself) build one source and print JSON")
    options = parser.parse_args()
    if options.one:
        print(json.dumps(build_once((options.one,))))
        return
    for size in options.gather:
        gathering(size)
    if options.profile:
        stages((f"procedural:{options.profile}",))
    if options.floor:
        floor(load_config("small").with_changes(seeds=(f"procedural:{options.floor}",)))
    growth(options.sizes)


if __name__ == "__main__":
    main()
