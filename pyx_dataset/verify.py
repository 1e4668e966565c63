"""Run a data set again, row by row, and hold every statement of it against what happens.

The builder used four hash seeds; this is a fifth. Nothing of a row is believed but its code
and its call.
"""

import heapq
import itertools
import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

from huggingface_hub import snapshot_download
from huggingface_hub.errors import HfHubHTTPError, HFValidationError

from pyx_dataset.config import BuildConfig
from pyx_dataset.debug_rows import debug_again, refused_again
from pyx_dataset.errors import InputError
from pyx_dataset.export.audit import UNREADABLE, Mismatch, audit, monologue_of, rows
from pyx_dataset.export.features import FEATURES
from pyx_dataset.judging import first_contradiction, left_out
from pyx_dataset.layout import assertion
from pyx_dataset.lessons import NARRATOR
from pyx_dataset.monologues.check import check
from pyx_dataset.monologues.telling.forth import other_answer
from pyx_dataset.monologues.undoing.arguments import supposed_in
from pyx_dataset.published import Row, trace_of
from pyx_dataset.recount import lost_families, lost_files, recount
from pyx_dataset.sandbox.pool import Job, Sandbox
from pyx_dataset.sandbox.results import CallResult
from pyx_dataset.schema import SCHEMA_VERSION, SPLITS, Direction, Outcome, Split, Step, Trace
from pyx_dataset.store import load
from pyx_dataset.traces.replay import replay_errors

HASH_SEED = 5

_Finding = tuple[str, str]
"""What a row says, and what was found."""
_RUN = ("executions", "forward", "backward", "debug", "preference")
"""The configs whose rows are run again; of `preference`, the narrator's spoiled monologues and what
is about bugs."""


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What was checked and what was wrong."""

    mismatches: tuple[Mismatch, ...]
    checked: dict[str, int]
    """Rows by config; of executions, monologues and bugs, those that were run again."""
    python_version: str
    """CPython of the build; another one may trace other lines and word errors otherwise."""


def verify(
    where: str | Path,
    *,
    workers: int = 1,
    sample: int | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> VerifyReport:
    """
    Verify a built folder, or a repository of the Hub.

    Columns, ids, splits, families and the agreement of the configs are checked for all rows.
    Executions are run again and compared in outcome, value, exception and every step;
    monologues are checked against fresh traces, backward answers by running them. Of a bug, both
    programs are run on all its tests.

    Args:
        where: A folder made by ``pyx build``, or ``ORG/NAME``.
        workers: Sandbox processes.
        sample: Run only this many rows of each config, the same ones each time.
        progress: Told how many rows have been run, and how many there are to run.

    Raises:
        InputError: there is no such data set, or it has another schema version.
        SandboxError: the sandbox failed.
    """
    folder = locate(where)
    record = _record(folder)
    config = BuildConfig.from_table(record["config"], f"{folder}/build.json")
    mismatches = [*lost_files(folder, record.get("files", {}))]
    wrong = list(audit(folder, config, record["counts"]))
    mismatches += wrong
    checked = {name: sum(record["counts"][name].values()) for name in FEATURES}
    if not any(item.row_id.endswith(".parquet") for item in wrong):
        mismatches += [*recount(folder, record["python_version"]), *lost_families(folder)]
        chosen = {name: _sample(folder, name, sample) for name in _RUN}
        checked |= {name: len(ids) for name, ids in chosen.items()}
        total, done = sum(map(len, chosen.values())), 0
        with Sandbox(workers=workers, limits=config.limits, hash_seed=HASH_SEED) as sandbox:
            for name, ids in chosen.items():
                again = _run_again(folder, name, ids, sandbox)
                if name == "debug":
                    again = debug_again(folder, ids, sandbox, config.max_monologue_words)
                elif name == "preference":
                    refused = refused_again(folder, ids, sandbox, config.max_monologue_words)
                    again = itertools.chain(again, refused)
                for split, row, findings in again:
                    mismatches += [Mismatch(name, split, row["id"], *item) for item in findings]
                    done += 1
                    progress(done, total)
    return VerifyReport(tuple(mismatches), checked, record["python_version"])


def locate(where: str | Path) -> Path:
    """The folder `where`, or the snapshot of a repository, which is fetched."""
    folder = Path(where)
    if folder.is_dir():
        return folder
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", str(where)):
        raise InputError(f"{where} is neither a folder nor ORG/NAME on the Hub")
    try:
        return Path(snapshot_download(str(where), repo_type="dataset"))
    except (HfHubHTTPError, HFValidationError, OSError) as exc:
        reason = str(exc).strip().split("\n")[0]
        raise InputError(f"{where} is no folder here, and not on the Hub: {reason}") from exc


def _record(folder: Path) -> dict[str, Any]:
    if not (folder / "build.json").is_file():
        raise InputError(
            f"{folder} is not a finished PYX data set: it has no build.json; `pyx build` makes one"
        )
    record: dict[str, Any] = load(folder / "build.json")
    if record.get("schema_version") != SCHEMA_VERSION:
        raise InputError(
            f"{folder} has schema version {record.get('schema_version')}; "
            f"this pyx-dataset verifies {SCHEMA_VERSION}"
        )
    return record


def _sample(folder: Path, config: str, size: int | None) -> frozenset[str]:
    """Ids of `size` rows that can be run again, spread by hash; of all of them for None."""
    columns = ["id", "teacher", "task"] if config == "preference" else ["id"]
    ids = [
        row["id"]
        for split in SPLITS
        for row in rows(folder, config, split, columns)
        if config != "preference" or row["teacher"] == NARRATOR or row["task"] == "debug"
    ]
    if size is None:
        return frozenset(ids)
    return frozenset(heapq.nsmallest(size, ids, key=lambda name: blake2b(name.encode()).digest()))


def _run_again(
    folder: Path, config: str, ids: frozenset[str], sandbox: Sandbox
) -> Iterator[tuple[Split, Row, list[_Finding]]]:
    """Each chosen row with what is wrong with it, in order, a program at a time."""
    waiting: deque[tuple[Split, list[Row]]] = deque()

    def jobs() -> Iterator[Job]:
        for split in SPLITS:
            chosen = (
                row
                for row in rows(folder, config, split)
                if row["id"] in ids and row.get("task") != "debug" and _is_readable(config, row)
            )
            for (name, code), group in itertools.groupby(
                chosen, key=lambda row: (row["program_id"], row["code"])
            ):
                members = list(group)
                waiting.append((split, members))
                calls = [call for row in members for call in _calls(config, row)]
                yield Job(name, code, tuple(calls), trace=True)

    results = sandbox.run(jobs())
    for traced in results:
        split, members = waiting.popleft()
        results_left = iter(traced.calls)
        for row in members:
            result, *others = itertools.islice(results_left, len(_calls(config, row)))
            try:
                findings = list(_findings(config, row, result))
                findings += _other_findings(row, others)
            except UNREADABLE as exc:
                findings = [("what a row of its kind says", f"{type(exc).__name__}: {exc}")]
            yield split, row, findings


def _is_readable(config: str, row: Row) -> bool:
    """Does a row say what is to be run? If not, the audit has named it."""
    try:
        return all(_calls(config, row))
    except UNREADABLE:
        return False


def _findings(config: str, row: Row, result: CallResult) -> Iterator[_Finding]:
    if config == "executions":
        yield from _execution_findings(row, result)
    elif config == "preference":
        yield from _preference_findings(row, result)
    else:
        direction: Direction = "forward" if config == "forward" else "backward"
        yield from _monologue_findings(direction, row, result)


def _calls(config: str, row: Row) -> list[str]:
    """What is run for a row: its call, and one that its text says gives the same value."""
    other = other_answer(monologue_of(row)) if config == "backward" else None
    return [_told_call(config, row), *([other] if other else [])]


def _other_findings(row: Row, others: Sequence[CallResult]) -> Iterator[_Finding]:
    for result in others:
        if result.value != row["value"]:
            yield f"{other_answer(monologue_of(row))} is {row['value']}", f"{result.value}"


def _told_call(config: str, row: Row) -> str:
    """The call that a row tells: of a backward monologue, the one that it deduces."""
    if config != "backward":
        call: str = row["call"]
        return call
    answer: str = row["answer"]
    return answer.removeprefix("assert ").removesuffix(f" == {row['value']}")


def _preference_findings(row: Row, result: CallResult) -> Iterator[_Finding]:
    """A spoiled monologue, held against the run of the call that it is about."""
    direction: Direction = "forward" if row["task"] == "forward" else "backward"
    trace = Trace(row["code"], row["call"], result.outcome, result.value, None, result.steps or ())
    text = monologue_of({"completion": row["rejected"]})
    answer = assertion(row["call"], row["value"])
    wrong = first_contradiction(check(text, trace, answer, direction=direction))
    if wrong != row["detail"]:
        yield row["detail"], wrong or "nothing in it that the run contradicts"


def _execution_findings(row: Row, result: CallResult) -> Iterator[_Finding]:
    says = row["outcome"], row["value"], row["exception"]
    found = result.outcome.value, result.value, result.exception
    if says != found:
        yield " ".join(filter(None, says)), " ".join(filter(None, found))
    trace = trace_of(row)
    yield from _step_findings(trace.steps, result.steps or ())
    for error in replay_errors(trace):
        yield "a trace that can be replayed", error


def _step_findings(says: tuple[Step, ...], found: tuple[Step, ...]) -> Iterator[_Finding]:
    """The first step that differs; later ones differ because of it."""
    for number, (left, right) in enumerate(zip(says, found, strict=False)):
        if left != right:
            yield f"step {number} {left}", f"{right}"
            return
    if len(says) != len(found):
        yield f"{len(says)} steps", f"{len(found)}"


def _monologue_findings(direction: Direction, row: Row, told: CallResult) -> Iterator[_Finding]:
    call = _told_call(direction, row)
    if told.outcome is not Outcome.RETURNED or told.steps is None:
        yield f"{call} is {row['value']}", f"{told.outcome} {told.exception}"
        return
    if told.value != row["value"]:
        yield row["answer"], f"{call} is {told.value}"
    trace = Trace(row["code"], call, told.outcome, told.value, None, told.steps)
    text = monologue_of(row)
    report = check(text, trace, row["answer"], direction=direction)
    for item in report.contradicted:
        yield f"{item.claim.text!r}", f"{item.found}"
    counts = len(report.confirmed), len(report.unchecked)
    if not report.contradicted and counts != (row["claims_confirmed"], row["claims_unchecked"]):
        says = f"{row['claims_confirmed']} claims confirmed, {row['claims_unchecked']} unchecked"
        yield says, f"{counts[0]} and {counts[1]}"
    if direction == "backward" and row["n_supposed"] != supposed_in(text):
        yield f"{row['n_supposed']} arguments supposed", f"{supposed_in(text)} said to be tried"
    if direction == "forward" and (lines := left_out(text, trace)):
        yield "all lines that change something", f"lines {lines} are not told"
