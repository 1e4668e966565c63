"""What a build costs: CPU and memory by size, by stage, and against executions alone.

    python -m benchmarks.build [--sizes 250 1000] [--seeds SPEC ...] [--keep N] [--floor 100]
    python -m benchmarks.build --gather N

Each size is a whole build of that many programs of the grammar with one worker, in a process
of its own; `--seeds` builds other sources in their place, and `--keep` ends each build after so
many programs: what is left to differ is what the number of seeds costs. CPU time is that of the
process and of all its children, so that load beside it does not count (but what shares a core
with it does).
Memory is the largest resident set of the building process, and of the largest of its sandboxes.

Who uses the CPU is sampled: every tenth of a second a thread looks which stage the build is in,
and charges it with what the process and its sandboxes used since the last look.

The floor is what it costs to run, traced, and read back, what was published, in the sandboxes of
a build: no proposals, no text, no files. It is given for the executions alone and for all calls
that a row states (executions, calls found backward, broken programs), each of them once, and under
every hash seed, as the promise of the data set demands. Ratios are those of whole builds to it.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from types import CodeType
from typing import Any

from pyx_dataset import debugged, narration, pipeline, population, preferences, program, store
from pyx_dataset.config import BuildConfig, load_config
from pyx_dataset.export import write
from pyx_dataset.inputs import choose
from pyx_dataset.layout import assertion
from pyx_dataset.sandbox.pool import Job, Sandbox
from pyx_dataset.schema import Bundle, Outcome
from pyx_dataset.seeds.collect import collect
from pyx_dataset.shards import Shard

STAGES: dict[CodeType, str] = {
    function.__code__: stage
    for function, stage in (
        (pipeline.gather, "seeds: read and compare"),
        (population.Gathering.settle, "seeds: near duplicates, families"),
        (program.explore, "inputs: propose, run, read"),
        (choose.choose, "inputs: choose"),
        (program.confirm, "executions: under four hash seeds"),
        (narration.know, "monologues: what is known"),
        (narration.tell_forward, "monologues: forward"),
        (narration.tell_backward, "monologues: backward"),
        (debugged.debug, "bugs"),
        (preferences.spoiled_answers, "preferences"),
        (store.dump, "shards: write"),
        (write.export, "export"),
    )
}
"""Functions of which at most one is running at a time, and the stage that each of them is."""
_REST = "the rest: sandboxes' start, reading shards"
_PAUSE_S = 0.1


def tree() -> dict[int, list[int]]:
    """The fields of proc(5)'s stat of this process and of all below it, from the fourth on."""
    found: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue  # it ended
            found[int(entry.name)] = [int(text) for text in fields[1:]]
    mine, living = {os.getpid()}, set[int]()
    while mine:
        living |= mine
        mine = {pid for pid, fields in found.items() if fields[0] in mine} - living
    return {pid: found[pid] for pid in living if pid in found}


def cpu_s(processes: dict[int, list[int]]) -> float:
    """CPU time of `processes` and of those children of theirs that have ended."""
    # utime, stime, cutime and cstime: fields 14 to 17
    used = sum(sum(fields[10:14]) for fields in processes.values())
    return used / os.sysconf("SC_CLK_TCK")


@dataclass(slots=True)
class Account:
    """Where the CPU time of a build went, and the most memory that its sandboxes used."""

    used: dict[str, float] = field(default_factory=lambda: dict.fromkeys([*STAGES.values()], 0.0))
    sandbox_pages: int = 0
    _seen: float = 0.0

    def look(self, thread: int) -> None:
        """Charge what was used since the last look to the stage that `thread` is in."""
        processes = tree()
        frame, stage = sys._current_frames().get(thread), _REST
        while frame is not None:
            stage = STAGES.get(frame.f_code, stage)
            frame = frame.f_back
        now = cpu_s(processes)
        self.used[stage] = self.used.get(stage, 0.0) + now - self._seen
        self._seen = now
        pages = [fields[20] for pid, fields in processes.items() if pid != os.getpid()]
        self.sandbox_pages = max([self.sandbox_pages, *pages])


@contextmanager
def accounted() -> Iterator[Account]:
    """Look at what the calling thread does until the end of the block."""
    account, is_over, thread = Account(), threading.Event(), threading.get_ident()
    account._seen = cpu_s(tree())

    def watch() -> None:
        while not is_over.wait(_PAUSE_S):
            account.look(thread)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield account
    finally:
        is_over.set()
        watcher.join()
        account.look(thread)


def build_once(specs: tuple[str, ...], keep: int, floor_of: int) -> dict[str, Any]:
    """Build in this process; what came out and what it cost."""
    config = load_config("small").with_changes(seeds=specs, programs=keep)
    folder = Path(tempfile.mkdtemp(prefix="pyx-bench-"))
    try:
        start = time.perf_counter()
        with accounted() as account:
            report = pipeline.build(config, folder / "pyx")
        wall_s = time.perf_counter() - start
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        counts = report.record["counts"]
        return {
            "kept": sum(counts["programs"].values()),
            "rows": sum(sum(config.values()) for config in counts.values()),
            "cpu_s": sum(account.used.values()),
            "wall_s": wall_s,
            "memory_mib": memory,
            "sandbox_mib": account.sandbox_pages * resource.getpagesize() / 2**20,
            "stages": account.used,
            "floor": floor(folder / "pyx", config, floor_of) if floor_of else {},
        }
    finally:
        shutil.rmtree(folder)


def floor(out: Path, config: BuildConfig, most: int) -> dict[str, Any]:
    """CPU time of what the first `most` programs of a build publish, if it is only run."""
    files = sorted((out / ".build").glob("shard-*"))
    found = (bundle for file in files for bundle in Shard.read(file).bundles)
    bundles = list(islice(found, most))
    executions = [_job(bundle, bundle.program.seed.code, own_calls(bundle)) for bundle in bundles]
    stated = [*executions]
    for bundle in bundles:
        returned = own_calls(bundle, Outcome.RETURNED)
        stated += [_job(bundle, bug.code, returned) for bug in bundle.debugged]
        if backward := found_calls(bundle):
            stated.append(_job(bundle, bundle.program.seed.code, backward))
    with program.Boxes(config, "weak") as boxes:
        every = (boxes.first, *boxes.others)
        return {
            "programs": len(bundles),
            "calls": sum(len(job.calls) for job in executions),
            "stated": sum(len(job.calls) for job in stated),
            "executions once": _run(executions, every[:1]),
            "executions under every hash seed": _run(executions, every),
            "all that is stated, once": _run(stated, every[:1]),
            "all that is stated, under every hash seed": _run(stated, every),
        }


def _job(bundle: Bundle, code: str, calls: tuple[str, ...]) -> Job:
    return Job(bundle.program.id, code, calls, trace=True)


def _run(jobs: list[Job], boxes: tuple[Sandbox, ...]) -> float:
    before = cpu_s(tree())
    for box in boxes:
        for _ in box.run(jobs):
            pass
    return cpu_s(tree()) - before


def own_calls(bundle: Bundle, outcome: Outcome | None = None) -> tuple[str, ...]:
    """The calls of its executions, of those that ended so."""
    traces = [item.trace for item in bundle.executions]
    return tuple(trace.call for trace in traces if outcome in (None, trace.outcome))


def found_calls(bundle: Bundle) -> tuple[str, ...]:
    """The calls that its backward monologues name and that are no executions of it."""
    values = {item.id: item.trace for item in bundle.executions}
    found: dict[str, None] = {}
    for told in bundle.backward:
        trace = values[told.execution_id]
        if told.monologue.answer != assertion(trace.call, trace.value or ""):
            end = assertion("", trace.value or "").removeprefix("assert ")
            found[told.monologue.answer.removeprefix("assert ").removesuffix(end)] = None
    return tuple(found)


def growth(sources: list[list[str]], options: list[str]) -> None:
    """One build of each, in a fresh process each."""
    first: dict[str, Any] = {}
    for specs in sources:
        # Our own module, with what our caller asked for.
        command = [sys.executable, "-m", "benchmarks.build", "--one", *specs, *options]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603
        row = json.loads(done.stdout.splitlines()[-1])
        first = first or row
        shown(" ".join(specs), row, first)


def shown(name: str, row: dict[str, Any], first: dict[str, Any]) -> None:
    """Print what one build cost, and how that compares with the `first`."""
    each, base = (1000 * item["cpu_s"] / item["rows"] for item in (row, first))
    print(
        f"{name}: kept {row['kept']}, rows {row['rows']}, "
        f"CPU {row['cpu_s']:.0f} s ({row['kept'] / row['cpu_s']:.2f} programs and "
        f"{row['rows'] / row['cpu_s']:.1f} rows a second and core), wall {row['wall_s']:.0f} s, "
        f"CPU a row {each:.2f} ms ({100 * (each / base - 1):+.0f} %), "
        f"memory {row['memory_mib']:.0f} MiB "
        f"({100 * (row['memory_mib'] / first['memory_mib'] - 1):+.0f} %), "
        f"largest sandbox {row['sandbox_mib']:.0f} MiB"
    )
    for stage, seconds in sorted(row["stages"].items(), key=lambda item: -item[1]):
        print(f"    {stage:44} {seconds:7.1f} s  {100 * seconds / row['cpu_s']:5.1f} %")
    if costs := row["floor"]:
        sample = costs.pop("programs")
        whole = row["cpu_s"] * sample / row["kept"]
        print(f"    floor, of {sample} programs ({whole:.1f} s of the build): "
              f"{costs.pop('calls')} executions, {costs.pop('stated')} calls stated")  # fmt: skip
        for what, seconds in costs.items():
            print(f"    {what:44} {seconds:7.1f} s, ratio {whole / seconds:.1f}")
    sys.stdout.flush()


def gathering(size: int) -> None:
    """Print what seeds, near duplicates and families cost alone, at a size no build reaches."""
    config = load_config("small").with_changes(seeds=(f"procedural:{size}",))
    folder = Path(tempfile.mkdtemp(prefix="pyx-bench-"))
    try:
        before = time.process_time()
        gathered = population.Gathering(folder / "seeds.jsonl", config)
        for item in collect(config.seeds, config):
            gathered.take(item)
        written = time.process_time() - before
        families = Counter(place.family for place in gathered.settle().places)
        settled = time.process_time() - before - written
        print(
            f"{size:>7} seeds: {1000 * written / size:.2f} ms each to write and compare, "
            f"{1000 * settled / size:.2f} ms for families; "
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
    parser.add_argument("--sizes", type=int, nargs="*", default=[250, 1000])
    parser.add_argument("--seeds", nargs="*", help="build these sources, and no sizes")
    parser.add_argument("--keep", type=int, default=0, help="programs of each build; 0: all")
    parser.add_argument("--floor", type=int, default=100, help="programs for the floor; 0: none")
    parser.add_argument("--gather", type=int, help="so many seeds alone, in this process")
    parser.add_argument("--one", nargs="*", help="(used by itself) build once and print JSON")
    options = parser.parse_args()
    if options.one:
        print(json.dumps(build_once(tuple(options.one), options.keep, options.floor)))
    elif options.gather:
        gathering(options.gather)
    else:
        sizes = [[f"procedural:{size}"] for size in options.sizes]
        passed_on = [f"--keep={options.keep}", f"--floor={options.floor}"]
        growth([options.seeds] if options.seeds else sizes, passed_on)


if __name__ == "__main__":
    main()
