"""Before and after: ``python -m evaluation.report BASE_DIR TUNED_DIR``, as tables, Markdown, JSON.

With ``--across``, prompts are held against each other on the same tasks: each of one run against
each other one of the other run, which may be the same run. The folder of one benchmark and
prompt stands for only that. ``--model-card FOLDER`` writes the scores into a model's card.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from evaluation.comparison import Comparison, comparisons, notes, paired_runs
from evaluation.model_card import write_scores
from pyx_dataset.errors import PyxError
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


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; 0 when all is written, 2 with one sentence if it cannot be."""
    parser = argparse.ArgumentParser(prog="python -m evaluation.report", description=__doc__)
    parser.add_argument("base", type=Path, help="--out of the run before")
    parser.add_argument("tuned", type=Path, help="--out of the run after")
    parser.add_argument("--across", action="store_true", help="hold prompts against each other")
    parser.add_argument("--markdown", type=Path, help="write the table to this file as well")
    parser.add_argument("--json", type=Path, help="write the numbers to this file as well")
    parser.add_argument("--model-card", type=Path, help="folder of a model: write into its card")
    options = parser.parse_args(argv)
    errors = Console(stderr=True, markup=False, soft_wrap=True)
    try:
        pairs = paired_runs(options.base, options.tuned, across=options.across)
        found, said = [one for pair in pairs for one in comparisons(pair)], notes(pairs)
        show(found, said)
        if options.markdown:
            write_text(options.markdown, markdown(found, said))
        if options.json:
            record = {"comparisons": [one.record() for one in found], "notes": said}
            write_text(options.json, json.dumps(record, indent=2, allow_nan=False) + "\n")
        if options.model_card:
            write_scores(options.model_card, markdown(found, said))
    except PyxError as exc:
        errors.print(f"error: {exc}")
        return 2
    except OSError as exc:
        errors.print(f"error: cannot write {exc.filename or 'the report'}: {exc.strerror or exc}")
        return 2
    return 0


def cells(one: Comparison) -> Cells:
    """One line of the table, in the order of `HEADINGS`; shares as percent."""
    prompts = " → ".join(dict.fromkeys((one.base_prompt, one.tuned_prompt)))
    sizes = (str(one.tuned.n), str(one.tuned.clusters))
    scores = (one.other.text(), one.tuned.text())
    return (one.benchmark, prompts, one.against, *sizes, *scores, *one.gain.cells())


def show(found: Sequence[Comparison], said: Sequence[str]) -> None:
    """Print a table for each benchmark and prompt that fits 80 columns, cut off nowhere."""
    console = Console(highlight=False, markup=False)
    lines = [cells(one) for one in found]
    for title in dict.fromkeys(line[:2] for line in lines):
        table = Table(
            title=", ".join(title), title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False,
            padding=(0, 1), collapse_padding=True,
        )  # fmt: skip
        for heading in ("tuned against", "n", "that %", "tuned %", "gain", "95 %", "p"):
            table.add_column(heading, justify="right" if table.columns else "left", no_wrap=True)
        for *head, against, n, _, other, own, gain, interval, p in lines:
            if (*head,) == title:
                table.add_row(against, n, other, own, gain.partition(" ")[0], interval, p)
        console.print(table)
    for note in said:
        console.print(note, soft_wrap=True)


def markdown(found: Sequence[Comparison], said: Sequence[str]) -> str:
    """The table and its notes, for a model card or a log."""
    rule = ("---",) * 3 + ("---:",) * 7
    rows = [f"| {' | '.join(line)} |" for line in (HEADINGS, rule, *map(cells, found))]
    return "\n".join([*rows, "", *(f"- {note}" for note in said)]) + "\n"


if __name__ == "__main__":
    sys.exit(main())
