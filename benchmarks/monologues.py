"""What share of real executions gets a monologue, what is in it, and what telling costs.

    python benchmarks/monologues.py SET [--cruxeval FILE.jsonl] [--sample 500]

SET is a folder that `pyx build` made. Every monologue in it is checked again: forward ones against
the published steps, backward ones against a fresh run of the call that they deduce. The cost is
CPU time of writing one forward monologue and checking it, in this process.
"""

import argparse
import json
import re
import statistics
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from random import Random
from typing import Any

from pyx_dataset import Job, Limits, Sandbox
from pyx_dataset.calls import found_traces
from pyx_dataset.errors import NotNarratable
from pyx_dataset.export.audit import monologue_of, rows
from pyx_dataset.monologues.backward import backward
from pyx_dataset.monologues.check import check, untold
from pyx_dataset.monologues.forward import forward
from pyx_dataset.published import steps_of
from pyx_dataset.rng import rng_for
from pyx_dataset.schema import SPLITS, Direction, Monologue, Outcome, Trace

Row = dict[str, Any]
DIRECTIONS: tuple[Direction, ...] = ("forward", "backward")
MAX_WORDS = 700
_INFERRED = re.compile(r"\ball \d+ (?:pairs of )?known calls")


@dataclass(slots=True)
class Tally:
    """What was found about the monologues of one direction."""

    kept: int = 0
    contradicted: int = 0
    untold: int = 0
    other_input: int = 0
    """Backward: the deduced call is not that of the execution."""
    supposed: Counter[int] = field(default_factory=Counter)
    """Backward: monologues by how many arguments are tried and not deduced; 3 is 3 or more."""
    with_property: int = 0
    words: list[int] = field(default_factory=list)
    confirmed: int = 0
    unchecked: int = 0
    reasons: Counter[str] = field(default_factory=Counter)

    def lines(self, title: str, total: int) -> Iterator[str]:
        """The figures, one a line."""
        share = self.kept / total if total else 0.0
        yield f"{title}: kept {self.kept} of {total} executions ({share:.1%})"
        yield f"  dropped, by reason: {dict(self.reasons.most_common())}"
        if self.words:
            cuts = statistics.quantiles(self.words, n=10)
            yield f"  words: {cuts[0]:.0f} / {cuts[4]:.0f} / {cuts[8]:.0f} (10 / 50 / 90 %)"
        yield f"  claims: {self.confirmed} confirmed, {self.unchecked} not checkable"
        yield f"  monologues with a contradicted claim: {self.contradicted}"
        yield f"  monologues with a line that changed something and is not told: {self.untold}"
        yield f"  monologues with an inferred property: {self.with_property}"
        if self.supposed:
            share = self.supposed[0] / self.kept
            yield f"  all arguments deduced: {self.supposed[0]} ({share:.1%}); by arguments tried: "
            yield f"    {dict(sorted(self.supposed.items()))}"
        if self.other_input:
            yield f"  deduced calls that differ from the execution's: {self.other_input}"


def note(tally: Tally, text: str, answer: str, trace: Trace, direction: Direction) -> None:
    """Check one monologue and count what is found."""
    report = check(text, trace, answer, direction=direction)
    tally.kept += 1
    tally.contradicted += bool(report.contradicted)
    tally.untold += direction == "forward" and bool(untold(text, trace))
    tally.confirmed += len(report.confirmed)
    tally.unchecked += len(report.unchecked)
    tally.words.append(len(text.split()))
    tally.with_property += bool(_INFERRED.search(text))


def of_set(folder: Path) -> tuple[dict[Direction, Tally], list[Row]]:
    """The tallies of a built set, and its executions that returned."""
    record = json.loads((folder / "build.json").read_text())
    executions = [row for split in SPLITS for row in rows(folder, "executions", split)]
    returned = [row for row in executions if row["outcome"] == Outcome.RETURNED]
    by_call = {(row["program_id"], row["call"]): row for row in returned}
    tallies: dict[Direction, Tally] = {name: Tally() for name in DIRECTIONS}
    for direction in DIRECTIONS:
        tallies[direction].reasons.update(record["rejected"].get(direction, {}))
    for split in SPLITS:
        for row in rows(folder, "forward", split):
            steps = steps_of(by_call[row["program_id"], row["call"]])
            trace = Trace(row["code"], row["call"], Outcome.RETURNED, row["value"], None, steps)
            note(tallies["forward"], monologue_of(row), row["answer"], trace, "forward")
    _backward_of_set(folder, tallies["backward"])
    return tallies, returned


def _backward_of_set(folder: Path, tally: Tally) -> None:
    told = [row for split in SPLITS for row in rows(folder, "backward", split)]
    calls = [_deduced(row) for row in told]
    jobs = (
        Job(str(number), row["code"], (call,), trace=True)
        for number, (row, call) in enumerate(zip(told, calls, strict=True))
    )
    with Sandbox(limits=Limits()) as box:
        for row, call, result in zip(told, calls, box.run(jobs), strict=True):
            run = result.calls[0]
            trace = Trace(row["code"], call, run.outcome, run.value, None, run.steps or ())
            note(tally, monologue_of(row), row["answer"], trace, "backward")
            tally.other_input += call != row["call"]
            tally.supposed[min(row["n_supposed"], 3)] += 1


def _deduced(row: Row) -> str:
    answer: str = row["answer"]
    return answer.removeprefix("assert ").removesuffix(f" == {row['value']}")


def cost(executions: Sequence[Row], entry_points: dict[str, str], size: int) -> str:
    """CPU milliseconds to write and check a forward monologue: median, mean and worst."""
    chosen = sorted(executions, key=lambda row: blake2b(row["id"].encode()).digest())[:size]
    spent: list[float] = []
    for row in chosen:
        steps = steps_of(row)
        trace = Trace(row["code"], row["call"], Outcome.RETURNED, row["value"], None, steps)
        start = time.process_time()
        try:
            told = forward(trace.code, entry_points[row["program_id"]], trace, "", rng_for(0))
            check(told.text, trace, told.answer)
            untold(told.text, trace)
        except NotNarratable:
            pass
        spent.append(1e3 * (time.process_time() - start))
    return (
        f"narrate + check, CPU ms per execution: median {statistics.median(spent):.2f}, "
        f"mean {statistics.mean(spent):.2f}, worst {max(spent):.1f} (n = {len(spent)})"
    )


def of_cruxeval(file: Path) -> dict[Direction, Tally]:
    """Both directions for each row of a file in CRUXEval's layout."""
    problems = [json.loads(line) for line in file.read_text().splitlines()]
    tallies: dict[Direction, Tally] = {name: Tally() for name in DIRECTIONS}
    with Sandbox(limits=Limits()) as box:
        jobs = [
            Job(row["id"], row["code"] + "\n", (f"f({row['input']})",), trace=True)
            for row in problems
        ]
        for row, result in zip(problems, box.run(jobs), strict=True):
            trace = _trace(row["code"] + "\n", f"f({row['input']})", result.calls[0])
            rng = rng_for(row["id"])
            _narrated(trace, "forward", tallies["forward"], rng)
            _narrated_back(trace, box, tallies["backward"], rng)
    return tallies


def _trace(code: str, call: str, run: Any) -> Trace:
    return Trace(code, call, run.outcome, run.value, run.exception, run.steps or ())


def _narrated(trace: Trace, direction: Direction, tally: Tally, rng: Random) -> None:
    try:
        told = forward(trace.code, "f", trace, "", rng)
    except NotNarratable as exc:
        tally.reasons[exc.reason] += 1
        return
    _noted(told, trace, direction, tally)


def _narrated_back(trace: Trace, box: Sandbox, tally: Tally, rng: Random) -> None:
    """Told on the call found for the output with which the least is supposed, or on its own."""
    traces = [*found_traces(trace.code, "f", trace, box), trace]
    best: tuple[Monologue, Trace] | None = None
    reason = ""
    for item in traces:
        try:
            told = backward(trace.code, "f", item, "", rng, is_own=item is trace)
        except NotNarratable as exc:
            reason = exc.reason
            continue
        if best is None or told.supposed < best[0].supposed:
            best = told, item
    if best is None:
        tally.reasons[reason] += 1
        return
    tally.other_input += best[1] is not trace
    _noted(*best, "backward", tally)


def _noted(told: Monologue, trace: Trace, direction: Direction, tally: Tally) -> None:
    if len(told.text.split()) > MAX_WORDS:
        tally.reasons["monologue_too_long"] += 1
        return
    note(tally, told.text, told.answer, trace, direction)
    if direction == "backward":
        tally.supposed[min(told.supposed, 3)] += 1


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("set", type=Path)
    parser.add_argument("--cruxeval", type=Path)
    parser.add_argument("--sample", type=int, default=500)
    options = parser.parse_args()
    tallies, returned = of_set(options.set)
    for direction in DIRECTIONS:
        print(*tallies[direction].lines(direction, len(returned)), sep="\n")
    programs = [row for split in SPLITS for row in rows(options.set, "programs", split)]
    names = {row["id"]: row["entry_point"] for row in programs}
    print(cost(returned, names, options.sample))
    if options.cruxeval:
        for direction, tally in of_cruxeval(options.cruxeval).items():
            total = tally.kept + sum(tally.reasons.values())
            print(*tally.lines(f"CRUXEval, {direction}", total), sep="\n")


if __name__ == "__main__":
    main()
