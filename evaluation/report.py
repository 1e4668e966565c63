"""Before and after: ``python -m evaluation.report BASE_DIR TUNED_DIR [--markdown FILE]``."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from evaluation.results import Results, Row, read_results, score
from pyx_dataset.errors import InputError, PyxError
from pyx_dataset.grading import mean_and_stderr
from pyx_dataset.store import write_text

HEADINGS = (
    "benchmark",
    "prompt",
    "tuned against",
    "n",
    "programs",
    "that %",
    "tuned %",
    "difference",
)
Cells = tuple[str, ...]
Scored = tuple[Results, list[Row]]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; 0 when the table is printed, 2 with one sentence if it cannot be."""
    parser = argparse.ArgumentParser(prog="python -m evaluation.report", description=__doc__)
    parser.add_argument("base", type=Path, help="--out of the run before")
    parser.add_argument("tuned", type=Path, help="--out of the run after")
    parser.add_argument("--markdown", type=Path, help="write the table to this file as well")
    options = parser.parse_args(argv)
    try:
        lines, notes = compare(options.base, options.tuned)
        show(lines, notes)
        if options.markdown:
            write_text(options.markdown, markdown(lines, notes))
    except PyxError as exc:
        Console(stderr=True, markup=False, soft_wrap=True).print(f"error: {exc}")
        return 2
    return 0


def compare(base: Path, tuned: Path) -> tuple[list[Cells], list[str]]:
    """
    The lines of the table and the notes under it, for everything that both runs scored.

    Raises:
        InputError: the runs have nothing in common, or cannot be compared.
    """
    before = {
        (results.benchmark, results.prompt): (results, rows) for results, rows in read_results(base)
    }
    pairs = [
        (before[results.benchmark, results.prompt], (results, rows))
        for results, rows in read_results(tuned)
        if (results.benchmark, results.prompt) in before
    ]
    if not pairs:
        raise InputError(f"{base} and {tuned} have no benchmark and prompt in common")
    for (left, _), (right, _) in pairs:
        _check_comparable(left, right)
    lines = [line for pair in pairs for line in _lines(*pair)]
    return lines, _notes([results for pair in pairs for results, _ in pair])


def _check_comparable(base: Results, tuned: Results) -> None:
    """A difference means something only where everything but the model is the same."""
    for name, left, right in (
        ("tasks", base.data_digest, tuned.data_digest),
        ("back ends", base.setting.backend, tuned.setting.backend),
        ("token limits", base.setting.max_new_tokens, tuned.setting.max_new_tokens),
        ("numbers of shots", base.setting.shots, tuned.setting.shots),
    ):
        if left != right:
            raise InputError(
                f"{base.benchmark} {base.prompt} cannot be compared: the runs have different "
                f"{name} ({left} and {right}); score both models with the same options"
            )


def _lines(base: Scored, tuned: Scored) -> Iterator[Cells]:
    """The tuned model against the base, on all tasks and on hard ones, and each baseline."""
    (results, before), (_, after) = base, tuned
    pairs = list(zip(before, after, strict=True))
    yield _line(results, "base", after, [row.passed for row in before])
    hard = [(left, right) for left, right in pairs if not left.trivial]
    if 0 < len(hard) < len(pairs):
        rows, passed = [row for _, row in hard], [row.passed for row, _ in hard]
        yield _line(results, "base, not trivial", rows, passed)
    for name in results.baselines:
        yield _line(results, name, after, [name in row.trivial for row in before])


def _line(results: Results, against: str, tuned: Sequence[Row], others: Sequence[bool]) -> Cells:
    programs = [row.program for row in tuned]
    other, own = score(others, programs), score((row.passed for row in tuned), programs)
    gains = [float(row.passed) - float(one) for row, one in zip(tuned, others, strict=True)]
    mean, stderr = mean_and_stderr(gains, programs)
    # NaN where a single program leaves the error unknown.
    difference = f"{100 * mean:+.1f}" + (f" ± {100 * stderr:.1f}" if stderr == stderr else "")
    size = (str(own.n), str(own.clusters))
    return (results.benchmark, results.prompt, against, *size, other.text(), own.text(), difference)


def _notes(all_results: list[Results]) -> list[str]:
    base, tuned = all_results[0], all_results[1]
    cut = [f"{one.cut} of {one.total.n}" for one in all_results]
    return [
        f"Base: {base.setting.model} ({base.setting.model_digest}). "
        f"Tuned: {tuned.setting.model} ({tuned.setting.model_digest}).",
        f"Data: {base.data} (tasks {base.data_digest}). pass@{base.k}, {base.setting.decoding}, "
        f"{base.setting.backend}, {base.setting.shots} examples shown.",
        "± is one standard error, clustered by program; differences are paired by task.",
        "'not trivial' are the tasks that all trivial answers get wrong.",
        f"Answers that ran out of tokens, base and tuned in turn: {', '.join(cut)}.",
    ]


def show(lines: Sequence[Cells], notes: Sequence[str]) -> None:
    """Print a table for each benchmark and prompt, narrow enough for 80 columns."""
    console = Console(highlight=False, markup=False)
    for title in dict.fromkeys(line[:2] for line in lines):
        table = Table(title=", ".join(title), box=box.SIMPLE, pad_edge=False, title_justify="left")
        for place, heading in enumerate(HEADINGS[2:]):
            table.add_column(heading, justify="right" if place else "left", no_wrap=True)
        for line in lines:
            if line[:2] == title:
                table.add_row(*line[2:])
        console.print(table)
    for note in notes:
        console.print(note, soft_wrap=True)


def markdown(lines: Sequence[Cells], notes: Sequence[str]) -> str:
    """The table for a model card or a log."""
    rule = ("---",) * 3 + ("---:",) * 5
    rows = [f"| {' | '.join(cells)} |" for cells in (HEADINGS, rule, *lines)]
    return "\n".join([*rows, "", *notes]) + "\n"


if __name__ == "__main__":
    sys.exit(main())
