"""The whole build, in the order in which data flows. Read this file first.

    seeds -> programs -> inputs -> executions -> traces -> monologues -> bugs -> filters -> export

`build` collects the seeds, has `pyx_dataset.program` take each program through the
middle stages, shard by shard, and exports what was kept. A shard is a file that is
complete or absent, so the same command resumes a build that was killed; and a shard depends
on nothing but the config and its programs, so any number of workers gives the same bytes.
"""

import json
import platform
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyx_dataset
from pyx_dataset.classroom.problems import invent
from pyx_dataset.classroom.room import Room
from pyx_dataset.classroom.teaching import tallies_of, teach_shard
from pyx_dataset.config import BuildConfig
from pyx_dataset.errors import ConfigError, InputError, StoreError
from pyx_dataset.export.write import export
from pyx_dataset.filters.decontaminate import benchmark_edition, read_benchmarks
from pyx_dataset.lessons import NARRATOR, Tally
from pyx_dataset.population import Gathering
from pyx_dataset.program import Boxes
from pyx_dataset.rejects import write_rejects
from pyx_dataset.sandbox.pool import Sandbox
from pyx_dataset.schema import SCHEMA_VERSION, Bundle, Rejected
from pyx_dataset.seeds.collect import collect, editions
from pyx_dataset.shards import Shard, build_shards
from pyx_dataset.store import dump, fingerprint, load, locked, sweep, write_text
from pyx_dataset.teacher.prompts import Prompts, load_prompts
from pyx_dataset.teacher.protocol import Teacher

Progress = Callable[[str, int, int], None]
"""Called with a stage's name, what is done and what there is to do (0: not known yet)."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build left behind."""

    out: Path
    record: dict[str, Any]
    """What ``build.json`` holds: counts, reasons, sources, versions, settings."""
    is_fresh: bool
    """False where the folder already held this very build and nothing was done."""


def build(
    config: BuildConfig,
    out: Path,
    *,
    workers: int = 1,
    require: str = "weak",
    progress: Progress = lambda stage, done, total: None,
    teacher: Teacher | None = None,
) -> BuildReport:
    """
    Make PYX in `out`, or finish the build that was begun there.

    Args:
        config: What to build.
        out: The folder; ``load_dataset`` reads it when the build is done.
        workers: Processes; they change the time and nothing else.
        require: Isolation below which nothing is run: ``strong``, ``no-files`` or ``weak``.
        progress: Told how far each stage is.
        teacher: The language model that ``config.teacher`` speaks of, if it speaks of one.

    Raises:
        InputError: a seed source or a prompt file is not as it should be, or no program survived.
        TeacherError: the teacher gives no more answers; those it gave are kept.
        StoreError: `out` cannot be written, is in use, or holds another build.
        SandboxError: this machine isolates less than `require`.
    """
    if (config.teacher.kind == NARRATOR) != (teacher is None):
        raise ConfigError(f"the config's teacher is {config.teacher.kind}, another one was given")
    work, prompts = out / ".build", load_prompts(config.teacher.prompts)
    with locked(work), _leaving_nothing_in_vain(out):
        sweep(out)
        done = _begin(out, config, prompts)
        if done is not None:
            return BuildReport(out, done, is_fresh=False)
        with Sandbox(limits=config.limits, require=require) as sandbox:
            # Opened also where nothing is invented: fail before any work is done, not after.
            file = work / "seeds.jsonl"
            gathering, tallies = gather(config, file, progress, teacher, prompts, sandbox)
        programs, rejected = gathering.settle(), gathering.rejected
        shards = [
            programs[start : start + config.shard_programs]
            for start in range(0, len(programs), config.shard_programs)
        ]
        files = [work / f"shard-{index:05}.json.gz" for index in range(len(shards))]
        kept = 0
        with ExitStack() as stack:
            room = None
            if teacher:
                boxes = stack.enter_context(Boxes(config, require))
                room = Room(config, teacher, prompts, boxes)
            for index, count in build_shards(config, shards, files, workers, require):
                progress("programs", index + 1, len(shards))
                if room:
                    left = config.programs - kept if config.programs else None
                    files[index], count = teach_shard(shards[index], files[index], room, left)
                    progress("taught", index + 1, len(shards))
                kept += count
                if config.programs and kept >= config.programs:
                    files = files[: index + 1]
                    break
        if not kept:
            raise InputError(
                f"no program of {', '.join(config.seeds)} survived; reasons: "
                f"{_reasons(rejected, files) or 'none, the sources are empty'}"
            )
        record = _export(config, out, files, rejected, prompts, tallies)
        return BuildReport(out, record, is_fresh=True)


@contextmanager
def _leaving_nothing_in_vain(out: Path) -> Iterator[None]:
    """A build that fails before its first shard is done takes its empty folder with it."""
    try:
        yield
    except BaseException:
        work = out / ".build"
        if not any(work.glob("shard-*")) and not (out / "build.json").exists():
            for name in ("plan.json", "seeds.jsonl", ".lock"):
                (work / name).unlink(missing_ok=True)
            with suppress(OSError):  # not empty: somebody else's files stay
                work.rmdir()
                out.rmdir()
        raise


def _begin(out: Path, config: BuildConfig, prompts: Prompts) -> dict[str, Any] | None:
    """Note in `out` what is to be built; the record if that very build is finished already."""
    plan, record = out / ".build" / "plan.json", out / "build.json"
    wanted = json.dumps(_plan(config, prompts), indent=1)
    if plan.exists() and plan.read_text(encoding="utf-8") != wanted:
        raise StoreError(
            f"{out} holds another build (other settings, sources or interpreter); "
            f"remove the folder or give another --out"
        )
    if not plan.exists():
        if record.exists() or (out.exists() and any(out.glob("*.parquet"))):
            raise StoreError(
                f"{out} holds something that is not a build of ours; give another --out"
            )
        write_text(plan, wanted)
    mark = out / ".build" / "done"
    if mark.exists() and mark.read_text(encoding="utf-8") == fingerprint(record):
        done: dict[str, Any] = load(record)
        if all(fingerprint(out / name) == text for name, text in done["files"].items()):
            return done
    mark.unlink(missing_ok=True)  # not finished yet, or lost or changed since: export again
    return None


def _plan(config: BuildConfig, prompts: Prompts) -> dict[str, Any]:
    """All that decides the bytes of a build."""
    hashes = {task: prompt.hash for task, prompt in prompts.items()}
    return {
        "schema_version": SCHEMA_VERSION,
        "pyx_version": pyx_dataset.__version__,
        "python_version": platform.python_version(),
        "config": {**asdict(config), "teacher": config.teacher.deciding()},
        "editions": editions(config.seeds, config)
        | {path: benchmark_edition(path) for path in config.decontaminate},
        **({} if config.teacher.kind == NARRATOR else {"prompts": hashes}),
    }


def gather(
    config: BuildConfig,
    file: Path,
    progress: Progress,
    teacher: Teacher | None,
    prompts: Prompts,
    sandbox: Sandbox,
) -> tuple[Gathering, list[Tally]]:
    """Seeds without duplicates, collected and then invented, held in `file`."""
    gathering = Gathering(file, config)
    for item in collect(config.seeds, config):
        gathering.take(item)
        progress("seeds", len(gathering), 0)
    if not (teacher and config.teacher.asks_for("problem")):
        return gathering, []
    invented = invent(gathering.seeds(), config, teacher, prompts, sandbox)
    for seed in invented.seeds:
        gathering.take(seed)
    gathering.rejected += invented.rejected
    return gathering, [invented.tally]


def _bundles(config: BuildConfig, files: list[Path]) -> Iterator[Bundle]:
    """The kept programs in order, `config.programs` of them at most."""
    left = config.programs or None
    for file in files:
        for bundle in Shard.read(file).bundles[:left]:
            yield bundle
            if left is not None:
                left -= 1
        if left == 0:
            return


def _rejects(rejected: list[Rejected], files: list[Path]) -> Iterator[Rejected]:
    yield from rejected
    for file in files:
        if file.exists():
            yield from Shard.rejected_in(file)


def _reasons(rejected: list[Rejected], files: list[Path]) -> str:
    counts = Counter(item.reason for item in _rejects(rejected, files))
    return ", ".join(f"{reason} {count}" for reason, count in counts.most_common())


def _export(
    config: BuildConfig,
    out: Path,
    files: list[Path],
    rejected: list[Rejected],
    prompts: Prompts,
    tallies: list[Tally],
) -> dict[str, Any]:
    """Write rows, rejected records, card and, last, the record that says "complete"."""
    reasons, hits = write_rejects(_rejects(rejected, files), out / "rejected" / "rejected.jsonl")
    record = {**json.loads(json.dumps(_plan(config, prompts))), "rejected": reasons}
    if config.decontaminate:
        record["decontamination"] = {
            item.name: {"tasks": item.tasks, **hits.get(item.name, {})}
            for item in read_benchmarks(config.decontaminate)
        }
    if config.teacher.kind != NARRATOR:
        record["teacher"] = tallies_of(files, tallies)
    record |= export(lambda: _bundles(config, files), out, record)
    record["files"]["README.md"] = fingerprint(out / "README.md")
    dump(out / "build.json", record)
    write_text(out / ".build" / "done", fingerprint(out / "build.json"))
    return record
