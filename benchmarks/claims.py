"""How well claims are checked: in our own monologues, in planted errors, in a language model's.

    python benchmarks/claims.py --build DIR [--executions 400] [--errors 2000] [--seed 1]
    python benchmarks/claims.py --monologues FILE [--show 100] [--seed 1]

`--build` is a folder made by ``pyx build``: executions are narrated again, and each text is checked
as it is, and with one error planted in it. `--monologues` is a file of JSON lines with ``code``,
``call``, ``text`` and ``final_answer_right``; contradictions in the simulation count, the answer
itself does not. `--show` prints that many of the contradictions, drawn by the seed, to be read.
"""

import argparse
import json
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.planted import KINDS, planted
from evaluation.benchmarks import read_jsonl
from pyx_dataset import Job, Sandbox
from pyx_dataset.errors import NotNarratable
from pyx_dataset.export.audit import rows
from pyx_dataset.monologues.check import check, untold
from pyx_dataset.monologues.forward import forward
from pyx_dataset.monologues.listening.listen import Heard, listen
from pyx_dataset.monologues.listening.prose import readable, sentences
from pyx_dataset.published import steps_of
from pyx_dataset.rng import rng_for
from pyx_dataset.schema import SPLITS, Outcome, Trace

SIMULATION = "### Execution Simulation"
MOST_SHOWN = 3
"""Contradictions of one text among those to be read: one long text would make up a fifth of all."""
COLUMNS = ["id", "code", "call", "text", "final_answer_right"]


@dataclass(slots=True)
class Own:
    """Counts over our own monologues."""

    told: int = 0
    flagged: list[str] = field(default_factory=list)
    cost_ms: list[float] = field(default_factory=list)
    planted: Counter[str] = field(default_factory=Counter)
    by_check: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)


def executions(folder: Path, size: int) -> Iterator[tuple[dict[str, Any], Trace]]:
    """The executions that returned of programs spread by hash, `size` in all."""
    found = [
        row
        for split in SPLITS
        for row in rows(folder, "executions", split)
        if row["outcome"] == Outcome.RETURNED
    ]
    found.sort(key=lambda row: blake2b(row["program_id"].encode()).digest())
    for row in found[:size]:
        trace = Trace(row["code"], row["call"], Outcome.RETURNED, row["value"], None, steps_of(row))
        yield row, trace


def own(folder: Path, size: int, errors: int, seed: int) -> Own:
    """Narrate, check, plant errors, check again."""
    counts = Own()
    for row, trace in executions(folder, size):
        start = time.process_time()
        try:
            told = forward(row["code"], row["entry_point"], trace, "", rng_for(seed, row["id"]))
        except NotNarratable:
            continue
        report = check(told.text, trace, told.answer)
        counts.cost_ms.append((time.process_time() - start) * 1_000)
        counts.told += 1
        if report.contradicted:
            counts.flagged.append(report.contradicted[0].claim.text)
        if not report.contradicted and not untold(told.text, trace):
            _plant(counts, told.text, trace, errors, rng_for(seed, "planted", row["id"]))
    return counts


def _plant(counts: Own, text: str, trace: Trace, errors: int, rng: Random) -> None:
    for item in planted(text, trace, rng, of_each=3):
        if counts.planted[item.kind] >= errors // len(KINDS):
            continue
        counts.planted[item.kind] += 1
        is_contradicted = bool(check(item.text, trace).contradicted)
        counts.by_check[item.kind] += is_contradicted
        if is_contradicted or untold(item.text, trace):
            counts.found[item.kind] += 1
        else:
            counts.missed.append(f"{item.kind}: {item.change}")


def print_own(counts: Own) -> None:
    """The table of `own`."""
    total, found = counts.planted.total(), counts.found.total()
    print(f"narrated monologues: {counts.told}, flagged: {len(counts.flagged)}")
    print(f"narrate + check, CPU median: {statistics.median(counts.cost_ms):.2f} ms")
    print(f"planted errors: {total}, found: {found} ({found / max(total, 1):.2%}), "
          f"by a contradiction: {counts.by_check.total() / max(total, 1):.2%}")  # fmt: skip
    for kind in KINDS:
        print(f"  {kind}: {counts.found[kind]} of {counts.planted[kind]} "
              f"({counts.by_check[kind]} by a contradiction)")  # fmt: skip
    for line in counts.flagged[:5] + counts.missed[:20]:
        print(f"  - {line}")


@dataclass(frozen=True, slots=True)
class Text:
    """A foreign monologue and what was heard in its simulation."""

    row: dict[str, Any]
    heard: tuple[Heard, ...]
    sentences: int
    claiming: int
    checked: int

    @property
    def contradicted(self) -> list[Heard]:
        """Claims that the run contradicts."""
        return [item for item in self.heard if item.finding[0] is False]

    @property
    def is_caught_before_the_answer(self) -> bool:
        """Is a step contradicted, and not only what is returned?"""
        return any(item.claim.kind not in ("returns", "answer") for item in self.contradicted)


def simulation(text: str) -> str:
    """The Execution Simulation, with its heading; the answer and the Conclusion are not in it."""
    return SIMULATION + text.partition(SIMULATION)[2].partition("### Conclusion")[0]


def foreign(file: Path) -> Iterator[Text]:
    """Run each program and hold the text against it."""
    tasks = read_jsonl(str(file), COLUMNS)
    jobs = [Job(str(row["id"]), row["code"], (row["call"],), trace=True) for row in tasks]
    with Sandbox() as sandbox:
        for row, result in zip(tasks, sandbox.run(jobs), strict=True):
            call = result.calls[0]
            trace = Trace(row["code"], row["call"], call.outcome, call.value, call.exception,
                          call.steps or ())  # fmt: skip
            if trace.steps:
                yield _heard(row, trace)


def _heard(row: dict[str, Any], trace: Trace) -> Text:
    text = simulation(row["text"])
    heard = tuple(listen(text, trace))
    claiming = {item.sentence for item in heard}
    checked = {item.sentence for item in heard if item.finding[0] is not None}
    said = [one for one in sentences(text) if not one.is_heading or one in claiming]
    return Text(row, heard, len(said), sum(one in claiming for one in said),
                sum(one in checked for one in said))  # fmt: skip


def print_foreign(texts: list[Text], show: int, seed: int) -> None:
    """The table of `foreign`, and contradictions to read."""
    wrong = [text for text in texts if text.row["final_answer_right"] is False]
    caught = sum(text.is_caught_before_the_answer for text in wrong)
    said, claiming, checked = (
        sum(getattr(text, name) for text in texts) for name in ("sentences", "claiming", "checked")
    )
    verdicts = Counter(item.finding[0] for text in texts for item in text.heard)
    print(f"monologues: {len(texts)}, with a wrong answer: {len(wrong)}")
    print(f"of these, with a contradicted step: {caught} ({caught / max(len(wrong), 1):.1%})")
    print(f"claims: {verdicts[True]} confirmed, {verdicts[False]} contradicted, "
          f"{verdicts[None]} not checkable")  # fmt: skip
    print(f"sentences: {said}, with a claim: {claiming}, with a checked claim: {checked}")
    print(f"checked: {checked / said:.1%} of all, {checked / claiming:.1%} of those with a claim")
    rng = rng_for(seed, "show")
    found = [
        (text, item)
        for text in texts
        for item in rng.sample(text.contradicted, min(MOST_SHOWN, len(text.contradicted)))
    ]
    for text, item in rng.sample(found, min(show, len(found))):
        claim = item.claim
        print(json.dumps({"id": text.row["id"], "kind": claim.kind, "subject": claim.subject,
                          "value": claim.value, "line": claim.line, "found": item.finding[1],
                          "sentence": readable(item.sentence)}))  # fmt: skip


def main() -> None:
    """Print the tables that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--build", type=Path)
    parser.add_argument("--monologues", type=Path)
    parser.add_argument("--executions", type=int, default=400)
    parser.add_argument("--errors", type=int, default=2_000)
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    if args.build:
        print_own(own(args.build, args.executions, args.errors, args.seed))
    if args.monologues:
        print_foreign(list(foreign(args.monologues)), args.show, args.seed)


if __name__ == "__main__":
    main()
