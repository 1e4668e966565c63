"""What a scoring run leaves behind, and how it is written and read back.

Each benchmark and prompt has a folder of its own in the run's folder:
``generations.jsonl`` (appended as answers are made), ``verdicts.jsonl`` and ``results.json``
(each written whole or not at all).
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pyx_dataset.errors import InputError
from pyx_dataset.grading import mean_and_stderr, pass_at_k
from pyx_dataset.store import write_text


@dataclass(frozen=True, slots=True)
class Answer:
    """One saved generation."""

    key: str
    """Fingerprint of model, decoding and prompt: an answer is reused only where all are equal."""
    id: str
    text: str
    """With the prefill: exactly what is graded."""
    tokens: int
    is_complete: bool
    sample: int = 0
    """Which of the answers to its task."""


@dataclass(frozen=True, slots=True)
class Row:
    """The verdict on one answer, and which trivial answers are right as well."""

    id: str
    program: str
    sample: int
    passed: bool
    outcome: str
    reason: str
    trivial: list[str]
    """The trivial baselines that answer it rightly."""


@dataclass(frozen=True, slots=True)
class Score:
    """A mean between 0 and 1 with its standard error, clustered by program."""

    n: int
    clusters: int
    score: float
    stderr: float | None
    """None where fewer than two programs leave it unknown."""

    def text(self) -> str:
        """
        Percent, with the standard error where it is known.

        >>> Score(n=4, clusters=4, score=0.75, stderr=0.25).text()
        '75.0 ± 25.0'
        """
        percent = f"{100 * self.score:.1f}"
        return percent if self.stderr is None else f"{percent} ± {100 * self.stderr:.1f}"


@dataclass(frozen=True, slots=True)
class Setting:
    """How the answers of a run were made."""

    model: str
    model_digest: str
    backend: str
    decoding: str
    max_new_tokens: int
    shots: int
    samples: int = 1
    """Of each task."""
    prefill: bool = True
    """Whether the assistant's turn was started for the model; a chat server cannot do that."""


@dataclass(frozen=True, slots=True)
class Results:
    """``results.json``: one benchmark with one prompt."""

    benchmark: str
    prompt: str
    setting: Setting
    data: str
    data_digest: str
    """Of exactly the tasks that were scored."""
    total: Score
    """pass@1."""
    pass_at: dict[str, Score]
    """pass@k for each k that was asked for."""
    hard: Score | None
    """pass@1 on the tasks that every trivial baseline gets wrong."""
    baselines: dict[str, Score]
    outcomes: dict[str, int]
    tokens: float
    """Mean length of an answer."""
    cut: int
    """Answers that ran out of tokens."""


def pass_rates(rows: Sequence[Row], k: int = 1) -> tuple[list[float], list[str]]:
    """pass@k of each task, and the program of each."""
    samples: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        samples[row.id].append(row)
    rates = [
        pass_at_k(len(group), sum(row.passed for row in group), k) for group in samples.values()
    ]
    return rates, [group[0].program for group in samples.values()]


def score(passed: Iterable[float], programs: Iterable[str]) -> Score:
    """Mean of `passed` with its standard error clustered by program."""
    scores, clusters = [float(one) for one in passed], list(programs)
    mean, stderr = mean_and_stderr(scores, clusters)
    return Score(len(scores), len(set(clusters)), mean, None if stderr != stderr else stderr)


def append_answer(path: Path, answer: Answer) -> None:
    """Add one generation to the file; it is on its way to the disk when this returns."""
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(answer)) + "\n")


def read_answers(path: Path) -> dict[str, Answer]:
    """Saved generations by key. A line cut off by a killed run is dropped from the file."""
    if not path.exists():
        return {}
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        write_text(path, "".join(lines[:-1]))
        lines.pop()
    answers = (Answer(**json.loads(line)) for line in lines)
    return {answer.key: answer for answer in answers}


def write_json(path: Path, record: Any) -> None:
    """Write a record as indented JSON."""
    write_text(path, json.dumps(asdict(record), indent=2, allow_nan=False) + "\n")


def write_rows(path: Path, rows: Iterable[Row]) -> None:
    """Write verdicts as JSON lines."""
    write_text(path, "".join(json.dumps(asdict(row)) + "\n" for row in rows))


def read_rows(folder: Path) -> list[Row]:
    """The verdicts of one benchmark and prompt."""
    text = (folder / "verdicts.jsonl").read_text(encoding="utf-8")
    return [Row(**json.loads(line)) for line in text.splitlines()]


def read_setting(path: Path) -> Setting:
    """How saved answers were made."""
    return Setting(**json.loads(path.read_text(encoding="utf-8")))


def read_results(folder: Path) -> Iterator[tuple[Results, list[Row]]]:
    """
    Every finished benchmark and prompt in a run's folder, with its verdicts.

    The folder of one benchmark and prompt gives only that.

    Raises:
        InputError: there is none, or what is there has another form.
    """
    paths = sorted(folder.glob("*/results.json"))
    if (folder / "results.json").exists():
        paths = [folder / "results.json"]
    if not paths:
        raise InputError(f"{folder} holds no results; give the --out of evaluation.run")
    for path in paths:
        try:
            raw = json.loads(path.read_text(encoding="utf-8"))
            yield _results(raw), read_rows(path.parent)
        except (ValueError, TypeError, KeyError, AttributeError) as exc:
            raise InputError(
                f"{path} has not the form of these results; grade again with --rescore"
            ) from exc


def _results(raw: dict[str, Any]) -> Results:
    scores = {name: Score(**table) for name, table in raw["baselines"].items()}
    at = {k: Score(**table) for k, table in raw["pass_at"].items()}
    hard = raw["hard"] and Score(**raw["hard"])
    nested = {"setting": Setting(**raw["setting"]), "total": Score(**raw["total"])}
    return Results(**(raw | nested | {"baselines": scores, "pass_at": at, "hard": hard}))
