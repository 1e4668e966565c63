"""Before and after: ``python -m evaluation.report BASE_DIR TUNED_DIR [--markdown FILE]``.

With ``--across``, prompts are held against each other on the same tasks: each of one run against
each other one of the other run, which may be the same run. The folder of one benchmark and
prompt stands for only that.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from evaluation.paired import RESAMPLES, compare_rates
from evaluation.results import Results, Row, pass_rates, read_results, score
from pyx_dataset.errors import InputError, PyxError
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
    "95 %",
    "p",
)
Cells = tuple[str, ...]
Scored = tuple[Results, list[Row]]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; 0 when the table is printed, 2 with one sentence if it cannot be."""
    parser = argparse.ArgumentParser(prog="python -m evaluation.report", description=__doc__)
    parser.add_argument("base", type=Path, help="--out of the run before")
    parser.add_argument("tuned", type=Path, help="--out of the run after")
    parser.add_argument("--across", action="store_true", help="hold prompts against each other")
    parser.add_argument("--markdown", type=Path, help="write the table to this file as well")
    options = parser.parse_args(argv)
    try:
        lines, notes = compare(options.base, options.tuned, across=options.across)
        show(lines, notes)
        if options.markdown:
            write_text(options.markdown, markdown(lines, notes))
    except PyxError as exc:
        Console(stderr=True, markup=False, soft_wrap=True).print(f"error: {exc}")
        return 2
    return 0


def compare(base: Path, tuned: Path, *, across: bool = False) -> tuple[list[Cells], list[str]]:
    """
    The lines of the table and the notes under it, for everything that both runs scored.

    Args:
        base: A run, or one benchmark and prompt of it.
        tuned: Another.
        across: Compare different prompts instead of equal ones.

    Raises:
        InputError: the runs have nothing in common, or cannot be compared.
    """
    before, after = list(read_results(base)), list(read_results(tuned))
    pairs = [
        (left, right)
        for right in after
        for left in before
        if left[0].benchmark == right[0].benchmark and (left[0].prompt != right[0].prompt) == across
    ]
    if across and base.resolve() == tuned.resolve():  # each pair once
        pairs = [pair for pair in pairs if pair[0][0].prompt < pair[1][0].prompt]
    if not pairs:
        prompts = "two prompts of a benchmark" if across else "benchmark and prompt"
        other = "" if across else " (--across compares different prompts)"
        raise InputError(f"{base} and {tuned} have no {prompts} in common{other}")
    for (left, _), (right, _) in pairs:
        _check_comparable(left, right, across)
    lines = [line for pair in pairs for line in _lines(*pair)]
    return lines, _notes([results for pair in pairs for results, _ in pair])


def _check_comparable(base: Results, tuned: Results, across: bool) -> None:
    """A difference means something only where everything but the model is the same."""
    same: list[tuple[str, str | int, str | int]] = [
        ("tasks", base.data_digest, tuned.data_digest),
        ("back ends", base.setting.backend, tuned.setting.backend),
        ("decodings", base.setting.decoding, tuned.setting.decoding),
    ]
    if not across:  # a prompt comes with its room, and only one of them can show examples
        same += [
            ("token limits", base.setting.max_new_tokens, tuned.setting.max_new_tokens),
            ("numbers of shots", base.setting.shots, tuned.setting.shots),
        ]
    for name, left, right in same:
        if left != right:
            raise InputError(
                f"{base.benchmark} {base.prompt} cannot be compared: the runs have different "
                f"{name} ({left} and {right}); score both models with the same options"
            )


def _lines(base: Scored, tuned: Scored) -> Iterator[Cells]:
    """The tuned model against the base, on all tasks and on hard ones, and each baseline."""
    (results, before), (other, after) = base, tuned
    prompts = list(dict.fromkeys((results.prompt, other.prompt)))
    head = (results.benchmark, " → ".join(prompts))
    yield _line(head, "base", before, after)
    hard = [row for row in before if not row.trivial]
    if 0 < len(hard) < len(before):
        yield _line(head, "base, not trivial", hard, [row for row in after if not row.trivial])
    for name in results.baselines:
        trivial = {row.id: replace(row, sample=0, passed=name in row.trivial) for row in before}
        yield _line(head, name, list(trivial.values()), after)


def _line(head: Cells, against: str, others: Sequence[Row], tuned: Sequence[Row]) -> Cells:
    own, other = score(*pass_rates(tuned)), score(*pass_rates(others))
    sizes = (str(own.n), str(own.clusters))
    gain = compare_rates(others, tuned)
    return (*head, against, *sizes, other.text(), own.text(), *gain.cells())


def _notes(all_results: list[Results]) -> list[str]:
    base, tuned = all_results[0], all_results[1]
    cut = [f"{one.cut} of {one.total.n * one.setting.samples}" for one in all_results]
    asked = base.setting
    prefill = "" if asked.prefill else ", no answer was started for the model"
    notes = [
        f"Base: {asked.model} ({asked.model_digest}). "
        f"Tuned: {tuned.setting.model} ({tuned.setting.model_digest}).",
        f"Data: {base.data} (tasks {base.data_digest}). pass@1 from {asked.samples} and "
        f"{tuned.setting.samples} samples of each task, {asked.decoding}, {asked.backend}, "
        f"{asked.shots} examples shown{prefill}.",
        "± is one standard error, clustered by program; differences are paired by task.",
        f"95 % is the interval of {RESAMPLES} bootstrap draws of whole programs; p is that of "
        f"McNemar's exact test, which takes tasks to be independent.",
        "'not trivial' are the tasks that all trivial answers get wrong.",
        f"Answers that ran out of tokens, base and tuned in turn: {', '.join(cut)}.",
    ]
    for one in dict.fromkeys((results.benchmark, results.prompt) for results in all_results):
        for name, results in (("base", all_results[0::2]), ("tuned", all_results[1::2])):
            notes += [
                f"{name}, {' '.join(one)}: pass@{k} {at.text()} %."
                for found in results
                if (found.benchmark, found.prompt) == one
                for k, at in found.pass_at.items()
                if k != "1"
            ]
    return list(dict.fromkeys(notes))


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
    rule = ("---",) * 3 + ("---:",) * 7
    rows = [f"| {' | '.join(cells)} |" for cells in (HEADINGS, rule, *lines)]
    return "\n".join([*rows, "", *notes]) + "\n"


if __name__ == "__main__":
    sys.exit(main())
