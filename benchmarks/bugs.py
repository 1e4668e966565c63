"""What the bugs of a build are, how many are told, and what share of its CPU they take.

    python benchmarks/bugs.py --build DIR [--programs 0] [--cost 60]

DIR is a folder made by ``pyx build``. Its programs are broken and told again, `--programs` of them
(0: all), from the executions it kept. `--cost` programs are then made twice, with bugs and without,
in turns: CPU time of this process and of the sandboxes.
"""

import argparse
import os
import re
from collections import Counter
from contextlib import suppress
from itertools import islice
from pathlib import Path
from statistics import mean

from pyx_dataset.config import BuildConfig
from pyx_dataset.debug_schema import Debugged
from pyx_dataset.debugged import debug
from pyx_dataset.layout import DEBUG_HEADINGS
from pyx_dataset.monologues.claims import claims
from pyx_dataset.monologues.rationale.forms import read
from pyx_dataset.program import Boxes, make
from pyx_dataset.schema import Bundle, Outcome
from pyx_dataset.shards import Shard
from pyx_dataset.store import load


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("--programs", type=int, default=0)
    parser.add_argument("--cost", type=int, default=60)
    asked = parser.parse_args()
    config = BuildConfig.from_table(load(asked.build / "build.json")["config"], "build.json")
    files = sorted((asked.build / ".build").glob("shard-*.json.gz"))
    found = (bundle for file in files for bundle in Shard.read(file).bundles)
    bundles = list(islice(found, asked.programs or None))
    count(bundles, config)
    if asked.cost:
        cost(bundles[: asked.cost], config)


def count(bundles: list[Bundle], config: BuildConfig) -> None:
    """Break every program and say what came of it."""
    bugs: list[Debugged] = []
    reasons: Counter[str] = Counter()
    with_bug = 0
    with Boxes(config, "weak") as boxes:
        for bundle in bundles:
            returned = [
                item for item in bundle.executions if item.trace.outcome is Outcome.RETURNED
            ]
            made, rejected = debug(
                bundle.program, returned, config, (boxes.first, *boxes.others), boxes.hasty
            )
            bugs += made
            with_bug += bool(made)
            reasons.update(item.reason for item in rejected)
    told = reasons.total() - reasons["no_bug_found"] - reasons["not_deterministic"] + len(bugs)
    returned_wrong = sum(bug.outcome == "returned" for bug in bugs)
    checked, sentences = map(sum, zip(*map(spoken, bugs), strict=True))
    print(f"programs with a bug: {with_bug} of {len(bundles)} ({with_bug / len(bundles):.1%})")
    print(f"bugs: {len(bugs)}; wrong value {returned_wrong / len(bugs):.1%}, the rest raise")
    print(f"rationales kept: {len(bugs) / told:.1%} of {told}; dropped: {dict(reasons)}")
    print(f"sentences with a checked claim: {checked / sentences:.1%} of {sentences}")
    print(f"claims: {sum(bug.rationale.confirmed for bug in bugs)} confirmed, "
          f"{sum(bug.rationale.unchecked for bug in bugs)} unchecked")  # fmt: skip
    print(f"words: {mean(len(bug.rationale.text.split()) for bug in bugs):.0f} on average")
    for name, number in Counter(bug.operator for bug in bugs).most_common():
        print(f"  {name:20} {number:5} {number / len(bugs):6.1%}")


def spoken(bug: Debugged) -> tuple[int, int]:
    """Sentences of a rationale that claim something checkable, and all its sentences."""
    simulated, _, argued = bug.rationale.text.partition(DEBUG_HEADINGS[1])
    steps = [piece for piece in re.split(r"(?=\[L\d+\])", simulated) if piece.startswith("[L")]
    stepped = sum(bool(claims(piece, bug.code)) for piece in steps)
    said = [item for item in read(argued) if not item.text.startswith("###")]
    return stepped + sum(item.fact is not None for item in said), len(steps) + len(said)


def cost(bundles: list[Bundle], config: BuildConfig) -> None:
    """CPU of making programs with bugs and without, in turns, in sandboxes that are open."""
    bare = config.with_changes(max_bugs=0)
    spent = {"with": 0.0, "without": 0.0}
    with Boxes(config, "weak") as boxes:
        for number, bundle in enumerate(bundles):
            turns = [("with", config), ("without", bare)]
            for name, chosen in turns if number % 2 else turns[::-1]:
                before = _tree_cpu()
                make(bundle.program, chosen, boxes)
                spent[name] += _tree_cpu() - before
    taken = spent["with"] - spent["without"]
    print(
        f"CPU a program: {1000 * spent['with'] / len(bundles):.0f} ms, of which the bugs take "
        f"{1000 * taken / len(bundles):.0f} ms, {taken / spent['with']:.1%}"
    )


def _tree_cpu() -> float:
    """CPU seconds of this process and of all below it, those that have ended included."""
    parents: dict[int, int] = {}
    ticks: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            fields = (folder / "stat").read_text(encoding="ascii").rpartition(")")[2].split()
            parents[int(folder.name)] = int(fields[1])
            ticks[int(folder.name)] = sum(map(int, fields[11:15]))
    tree = {os.getpid()}
    while more := {name for name, parent in parents.items() if parent in tree} - tree:
        tree |= more
    return sum(ticks.get(name, 0) for name in tree) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
