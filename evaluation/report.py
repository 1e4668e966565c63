"""Before and after: ``python -m evaluation.report BASE_DIR TUNED_DIR [--markdown FILE]``."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from evaluation.results import Results, Row, Score, read_results
from pyx_dataset.errors import InputError, PyxError
from pyx_dataset.grading import mean_and_stderr
from pyx_dataset.store import write_text

HEADINGS = ("benchmark", "answer", "rows", "n", "programs", "base %", "tuned %", "difference")
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
    lines = [line for pair in pairs for line in _model_lines(*pair)]
    lines += dict.fromkeys(line for (results, _), _ in pairs for line in _baseline_lines(results))
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


def _model_lines(base: Scored, tuned: Scored) -> Iterator[Cells]:
    """A line on all tasks, and one on those that no trivial answer gets right."""
    (left, left_rows), (right, right_rows) = base, tuned
    pairs = list(zip(left_rows, right_rows, strict=True))
    yield _line(left, "all", left.total, right.total, pairs)
    if left.hard and right.hard and left.baselines:
        hard = [pair for pair in pairs if not pair[0].is_trivial]
        yield _line(left, "not trivial", left.hard, right.hard, hard)


def _line(
    results: Results, rows: str, base: Score, tuned: Score, pairs: list[tuple[Row, Row]]
) -> Cells:
    differences = [float(after.passed) - float(before.passed) for before, after in pairs]
    mean, stderr = mean_and_stderr(differences, [before.program for before, _ in pairs])
    difference = f"{100 * mean:+.1f}"
    if stderr == stderr:  # NaN where a single program leaves it unknown
        difference += f" ± {100 * stderr:.1f}"
    names = (results.benchmark, results.prompt, rows, str(base.n), str(base.clusters))
    return (*names, base.text(), tuned.text(), difference)


def _baseline_lines(results: Results) -> Iterator[Cells]:
    for name, one in results.baselines.items():
        size = (str(one.n), str(one.clusters))
        yield (results.benchmark, name, "all", *size, one.text(), one.text(), "")


def _notes(all_results: list[Results]) -> list[str]:
    base, tuned = all_results[0], all_results[1]
    cut = [f"{one.cut} of {one.total.n}" for one in all_results]
    return [
        f"Base: {base.setting.model} ({base.setting.model_digest}). "
        f"Tuned: {tuned.setting.model} ({tuned.setting.model_digest}).",
        f"Data: {base.data} (tasks {base.data_digest}). pass@{base.k}, {base.setting.decoding}, "
        f"{base.setting.backend}, {base.setting.shots} examples shown.",
        "± is one standard error, clustered by program; differences are paired by task.",
        "'not trivial' are the tasks that every trivial answer in the table gets wrong.",
        f"Answers that ran out of tokens, base and tuned in turn: {', '.join(cut)}.",
    ]


def show(lines: Sequence[Cells], notes: Sequence[str]) -> None:
    """Print the table."""
    table = Table()
    for place, heading in enumerate(HEADINGS):
        table.add_column(heading, justify="right" if place >= 3 else "left")
    for line in lines:
        table.add_row(*line, style="" if line[-1] else "dim")
    console = Console(highlight=False, markup=False)
    console.print(table)
    for note in notes:
        console.print(note)


def markdown(lines: Sequence[Cells], notes: Sequence[str]) -> str:
    """The table for a model card or a log."""
    rule = ("---",) * 3 + ("---:",) * 5
    rows = [f"| {' | '.join(cells)} |" for cells in (HEADINGS, rule, *lines)]
    return "\n".join([*rows, "", *notes]) + "\n"


if __name__ == "__main__":
    sys.exit(main())
