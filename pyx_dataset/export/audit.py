"""Does a built folder agree with itself? All that can be checked without running anything."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from datasets import Features

from pyx_dataset import layout
from pyx_dataset.config import BuildConfig
from pyx_dataset.export.features import FEATURES
from pyx_dataset.export.pairs import rl_prompts
from pyx_dataset.export.splits import split_of
from pyx_dataset.export.views import assertion_of, debug_prompt, default_row, pyx_r_row
from pyx_dataset.lessons import NARRATOR, WRITTEN
from pyx_dataset.published import Row
from pyx_dataset.reasons import REASONS
from pyx_dataset.schema import SPLITS

Counts = dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A row that says one thing where another was found."""

    config: str
    split: str
    row_id: str
    """The row's id; a file's name, or ``"all rows"``, where more than one row is wrong."""
    says: str
    found: str

    def __str__(self) -> str:
        return f"{self.config}/{self.split} {self.row_id}: says {self.says}, found {self.found}"


@dataclass(frozen=True, slots=True)
class _Known:
    """What the rows read so far say, mostly as digests, for later rows to agree with."""

    programs: dict[str, bytes] = field(default_factory=dict)
    """Digest of code, family and split."""
    executions: dict[str, bytes] = field(default_factory=dict)
    """Digest of program, call and value."""
    tests: dict[str, list[str]] = field(default_factory=dict)
    """By program, the assertions that it claims and no execution has supported yet."""
    examples: dict[str, bytes] = field(default_factory=dict)
    """Digest of the row of `default` or `pyx_r` that belongs to an example."""
    briefs: dict[str, tuple[str, str]] = field(default_factory=dict)
    """By program, its instruction and signature."""
    writers: dict[str, tuple[str, str]] = field(default_factory=dict)
    """By program, who wrote it and the hash of the prompt; both empty where people did."""
    all_tests: dict[str, list[str]] = field(default_factory=dict)
    """By program, its assertions."""
    answers: dict[str, bytes] = field(default_factory=dict)
    """Digest of prompt and completion of an example."""


_Finding = tuple[str, str]
"""What a row says, and what was found."""
UNREADABLE = (LookupError, TypeError, ValueError, SyntaxError, AttributeError, RecursionError)
"""What comes of a row that lacks what all rows of its config have."""


def audit(folder: Path, config: BuildConfig, counts: Counts) -> Iterator[Mismatch]:
    """
    Check files, columns, ids, splits and families, and that all configs tell one story.

    Args:
        folder: A built data set.
        config: Its settings, for the shares of the splits.
        counts: Rows by config and split, as its record has them.
    """
    wrong = list(_files(folder, counts))
    yield from wrong
    if any(item.row_id.endswith(".parquet") for item in wrong):
        return  # rows of unknown columns cannot be compared
    known = _Known()
    for name in _CHECKS:
        seen: set[str] = set()
        for split in SPLITS:
            for row in rows(folder, name, split):
                try:
                    findings = list(_CHECKS[name](row, split, known))
                except UNREADABLE as exc:
                    findings = [("what a row of its kind says", f"{type(exc).__name__}: {exc}")]
                if name not in ("default", "pyx_r"):
                    findings += _home(row, split, config)
                if name in ("forward", "backward", "debug", "preference"):
                    findings += _writer(row, config)
                if row["id"] in seen:
                    findings.append(("that its id is its own", "another row with it"))
                seen.add(row["id"])
                for says, found in findings:
                    yield Mismatch(name, split, row["id"], says, found)
    for name, tests in known.tests.items():
        for test in tests:
            yield Mismatch("programs", "any", name, test, "no execution of that")


def rows(folder: Path, config: str, split: str, columns: list[str] | None = None) -> Iterator[Row]:
    """The rows of one split in order, read a batch at a time."""
    for file in sorted((folder / config).glob(f"{split}-*.parquet")):
        with pq.ParquetFile(file) as parquet:
            for batch in parquet.iter_batches(batch_size=256, columns=columns):
                yield from batch.to_pylist()


def monologue_of(row: Row) -> str:
    """The monologue in a completion, without its tag and the answer."""
    content: str = row["completion"][0]["content"]
    return content.partition(f"\n{layout.MONOLOGUE_CLOSE}")[0]


def _files(folder: Path, counts: Counts) -> Iterator[Mismatch]:
    for config, features in FEATURES.items():
        for split in SPLITS:
            found = 0
            for file in sorted((folder / config).glob(f"{split}-*.parquet")):
                try:
                    schema = pq.read_schema(file)
                    found += pq.read_metadata(file).num_rows
                except (pa.ArrowInvalid, OSError) as exc:
                    yield Mismatch(config, split, file.name, "that it is Parquet", str(exc))
                    continue
                # Not the Arrow schemas: Parquet may give list items another name.
                if Features.from_arrow_schema(schema) != features:
                    says = ", ".join(f"{item.name}: {item.type}" for item in schema)
                    yield Mismatch(config, split, file.name, says, "other columns in the schema")
            if found != counts[config][split]:
                says = f"{counts[config][split]} in build.json"
                yield Mismatch(config, split, "all rows", says, f"{found} rows")


def _home(row: Row, split: str, config: BuildConfig) -> Iterator[_Finding]:
    home = split_of(row["family"], config.validation_share, config.test_share)
    if home != split:
        yield f"it is in {split}", f"its family {row['family']} belongs in {home}"


def _writer(row: Row, config: BuildConfig) -> Iterator[_Finding]:
    known = {NARRATOR, config.teacher.called}
    if row["teacher"] not in known:
        yield f"teacher {row['teacher']!r}", f"a build by {', '.join(sorted(known))}"
    if bool(row["prompt_hash"]) is (row["teacher"] == NARRATOR):
        yield f"prompt_hash {row['prompt_hash']!r}", f"teacher {row['teacher']!r}"


def _program(row: Row, split: str, known: _Known) -> Iterator[_Finding]:
    known.programs[row["id"]] = _identity(row, split)
    known.tests[row["id"]] = list(row["tests"])
    known.briefs[row["id"]] = row["instruction"], row["signature"]
    known.writers[row["id"]] = row["teacher"], row["prompt_hash"]
    known.all_tests[row["id"]] = row["tests"]
    yield from ()


def _execution(row: Row, split: str, known: _Known) -> Iterator[_Finding]:
    yield from _of_program(row, split, known)
    known.executions[row["id"]] = _digest(row["program_id"], row["call"], row["value"])
    test, claimed = assertion_of(row), known.tests.get(row["program_id"], [])
    if test in claimed:
        claimed.remove(test)
    elif test:
        yield test, "no such test of its program"
    if row["n_steps"] != len(row["steps"]):
        yield f"n_steps {row['n_steps']}", f"{len(row['steps'])} steps"
    if not row["is_deterministic"]:
        yield "that its runs differ", "a published row"


def _nl2code(row: Row, split: str, known: _Known) -> Iterator[_Finding]:
    yield from _of_program(row, split, known)
    if row["completion"] != layout.code_completion(row["code"]):
        yield "its completion", "not its program in the layout of an answer"
    if row["prompt"] != layout.nl2code_prompt(*known.briefs.get(row["program_id"], ("", ""))):
        yield "its prompt", "not the task and signature of its program in the layout of a prompt"
    if row["tests"] != known.all_tests.get(row["program_id"]):
        yield "its tests", "others than those of its program"
    if (row["teacher"], row["prompt_hash"]) != known.writers.get(row["program_id"]):
        yield f"teacher {row['teacher']!r}", "another than that of its program"
    known.examples[row["id"]] = _digest(split, default_row("nl2code", row))
    known.answers[row["id"]] = _digest("nl2code", "", row["prompt"], row["completion"])


def _forward(row: Row, split: str, known: _Known) -> Iterator[_Finding]:
    yield from _monologue(row, split, known)
    if row["prompt"] != layout.forward_prompt(row["code"], row["call"]):
        yield "its prompt", "not its program and call in the layout of a prompt"
    if row["answer"] != layout.assertion(row["call"], row["value"]):
        yield row["answer"], layout.assertion(row["call"], row["value"])
    known.examples[row["id"]] = _digest(split, default_row("forward", row))


def _backward(row: Row, split: str, known: _Known) -> Iterator[_Finding]:
    yield from _monologue(row, split, known)
    if row["prompt"] != layout.backward_prompt(row["code"], row["entry_point"], row["value"]):
        yield "its prompt", "not its program and value in the layout of a prompt"
    known.examples[row["id"]] = _digest(split, default_row("backward", row))


def _default(row: Row, split: str, known: _Known) -> Iterator[_Finding]:
    if known.examples.get(row["id"]) != _digest(split, row):
        yield "its task and response", "another, or none, under its id in the task's own config"


def _debug(row: Row, split: str, known: _Known) -> Iterator[_Finding]:
    yield from _of_program(row, split, known)
    brief = known.briefs.get(row["program_id"], ("", ""))
    if row["prompt"] != debug_prompt(*brief, row["passing"], row["buggy_code"], row["failing"]):
        yield "its prompt", "not its problem, program and failed test in the layout of a prompt"
    text = monologue_of(row)
    if row["completion"] != layout.assistant(layout.debug_response(text, row["refined"])):
        yield "its completion", "not a rationale and its program in their layout"
    by_model = row["operator"] == WRITTEN
    if {bool(row["buggy_teacher"]), bool(row["buggy_prompt_hash"])} != {by_model}:
        yield f"buggy_teacher {row['buggy_teacher']!r}", f"operator {row['operator']}"
    if sorted(row["failing"] + row["passing"]) != sorted(known.all_tests[row["program_id"]]):
        yield "tests that fail and that pass", "others than those of its program"
    if row["failing"][0] != layout.assertion(row["call"], row["expected"]):
        yield f"{row['call']} fails and should be {row['expected']}", row["failing"][0]
    if row["words"] != len(text.split()):
        yield f"{row['words']} words", f"{len(text.split())}"
    known.examples[row["id"]] = _digest(split, pyx_r_row(row))
    known.answers[row["id"]] = _digest("debug", row["failing"][0], row["prompt"], row["completion"])


def _of_program(row: Row, split: str, known: _Known) -> Iterator[_Finding]:
    if known.programs.get(row["program_id"]) != _identity(row, split):
        says = f"program {row['program_id']} of family {row['family']}, its code and source"
        yield says, f"no such program in {split}"


def _identity(row: Row, split: str) -> bytes:
    """What every row about a program says of it alike."""
    return _digest(row["code"], row["entry_point"], row["family"], row["source"], split)


def _monologue(row: Row, split: str, known: _Known) -> Iterator[_Finding]:
    yield from _of_program(row, split, known)
    digest = _digest(row["program_id"], row["call"], row["value"])
    if known.executions.get(row["execution_id"]) != digest:
        yield f"execution {row['execution_id']}: {row['call']} is {row['value']}", "no such one"
    text = monologue_of(row)
    if row["completion"] != layout.monologue_completion(text, row["answer"]):
        yield "its completion", "not a monologue and its answer in their layout"
    task = "forward" if row["id"].startswith("fwd") else "backward"
    about = task, row["execution_id"]
    known.answers[row["id"]] = _digest(*about, row["prompt"], row["completion"])
    if row["words"] != len(text.split()):
        yield f"{row['words']} words", f"{len(text.split())}"


def _preference(row: Row, split: str, known: _Known) -> Iterator[_Finding]:
    yield from _of_program(row, split, known)
    is_bug = row["task"] == "debug"
    about = layout.assertion(row["call"], row["value"]) if is_bug else row["execution_id"]
    chosen = _digest(row["task"], about, row["prompt"], row["chosen"])
    if known.answers.get(row["chosen_id"]) != chosen:
        yield f"task, prompt and answer of {row['chosen_id']}", "no such example"
    digest = _digest(row["program_id"], row["call"], row["value"])
    if row["execution_id"] and known.executions.get(row["execution_id"]) != digest:
        yield f"execution {row['execution_id']}: {row['call']} is {row['value']}", "no such one"
    if row["chosen"] == row["rejected"]:
        yield "a better and a worse answer", "the same answer twice"
    if row["reason"] not in REASONS:
        yield f"reason {row['reason']}", "no such reason"


def _rl(row: Row, split: str, known: _Known) -> Iterator[_Finding]:
    yield from _of_program(row, split, known)
    digest = _digest(row["program_id"], row["call"], row["value"])
    if known.executions.get(row["execution_id"]) != digest:
        yield f"execution {row['execution_id']}: {row['call']} is {row['value']}", "no such one"
    prompts = {(task, style): prompt for task, style, prompt in rl_prompts(row)}
    if row["prompt"] != prompts.get((row["task"], row["style"])):
        yield "its prompt", "not its program and what is asked in the layout of a prompt"


_CHECKS: dict[str, Callable[[Row, str, _Known], Iterator[_Finding]]] = {
    "programs": _program,
    "executions": _execution,
    "nl2code": _nl2code,
    "forward": _forward,
    "backward": _backward,
    "default": _default,
    "debug": _debug,
    "pyx_r": _default,
    "preference": _preference,
    "rl": _rl,
}
"""In an order in which a row comes after the rows that it names."""


def _digest(*parts: object) -> bytes:
    return blake2b(repr(parts).encode("utf-8", "surrogatepass"), digest_size=12).digest()
