"""Is a trace true? Real calls against CPython without a tracer, and against a slow second one.

    python benchmarks/trace_oracle.py [--calls 1000] [--cruxeval FILE] [SPEC ...]

For every call, all in the sandbox:

- untraced, traced, and rewritten to note its parts, it does the same: value, exception, output;
- the rewritten program takes the same steps, or its parts are not given and the reason is counted;
- the traced lines and changes are those of ``tests/traces/reference.py``, which writes out every
  variable at every line (plain data; what is not plain it cannot see);
- the recorded changes, played back, reach the recorded end;
- each part that needs nothing but plain variables gives, evaluated alone, what was recorded.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from benchmarks.oracles import differences, questions
from pyx_dataset import Job, Limits, Sandbox
from pyx_dataset.config import BuildConfig
from pyx_dataset.inputs.generate import first_calls
from pyx_dataset.rng import rng_for
from pyx_dataset.sandbox.results import CallResult, parts_of
from pyx_dataset.schema import Outcome, Seed, Trace
from pyx_dataset.seeds.collect import collect
from pyx_dataset.traces.replay import replay_errors
from pyx_dataset.traces.values import parse

REFERENCE = Path(__file__).parents[1] / "tests" / "traces" / "reference.py"
SPECS = (
    "package:algorithms", "package:boltons", "package:toolz", "package:inflection",
    "package:more-itertools", "package:pydash", "package:stdlib",
)  # fmt: skip
LIMITS = Limits(cpu_s=1.0, wall_s=5.0, value_chars=200_000)
ALONE = "nan, inf = float('nan'), float('inf')\ndef f(text, names):\n    return eval(text, names)\n"
COUNTED = (
    "calls", "steps", "traced and untraced differ", "does not replay",
    "calls held against the reference", "changes held against the reference",
    "differs from the reference", "parts", "calls without parts", "parts evaluated alone",
    "a part evaluated alone differs",
)  # fmt: skip
Subject = tuple[str, str]
"""Code and call."""


def from_rows(path: str) -> Iterator[Subject]:
    """Rows of CRUXEval: ``code`` and ``input``."""
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield row["code"], f"f({row['input']})"


def from_packages(spec: str, sandbox: Sandbox, calls: int) -> Iterator[Subject]:
    """Functions of an installed package, up to `calls` calls of each that return or raise."""
    config = BuildConfig(seeds=(spec,))
    for seed in collect(config.seeds, config):
        if not isinstance(seed, Seed):
            continue
        proposed = first_calls(seed, rng_for("oracle", seed.code), 20)
        done = next(sandbox.run([Job(seed.entry_point, seed.code, tuple(proposed))])).calls
        good = [
            call
            for call, result in zip(proposed, done, strict=True)
            if result.outcome in {Outcome.RETURNED, Outcome.RAISED}
        ]
        yield from ((seed.code, call) for call in good[:calls])


class Findings:
    """What the calls so far have shown."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.counts: Counter[str] = Counter(dict.fromkeys(COUNTED, 0))
        self.reasons: Counter[str] = Counter()

    def look_at(self, code: str, call: str) -> None:
        """Hold one call against every oracle."""
        jobs = [Job("call", code, (call,), trace=how) for how in (False, True, "parts")]
        untraced, traced, noted = (done.calls[0] for done in self.sandbox.run(jobs))
        if traced.steps is None:
            self.reasons[f"no trace: {traced.outcome}"] += 1
            return
        self.counts["calls"] += 1
        if facts(untraced) != facts(traced):
            self.miss("traced and untraced differ", code, call, facts(untraced), facts(traced))
        self.counts["steps"] += len(traced.steps)
        parts, why = parts_of(traced, noted)
        if why is not None:
            self.counts["calls without parts"] += 1
            self.reasons[f"no parts: {why}"] += 1
        trace = Trace(
            code, call, traced.outcome, traced.value, traced.exception, traced.steps, parts
        )
        if errors := replay_errors(trace):
            self.miss("does not replay", code, call, errors)
        self.against_reference(trace)
        self.alone(trace)

    def against_reference(self, trace: Trace) -> None:
        """Lines and changes against the slow tracer's."""
        job = Job("slow", REFERENCE.read_text(), (f"record({trace.code!r}, {trace.call!r})",))
        slow = next(self.sandbox.run([job])).calls[0]
        if slow.value is None:
            self.reasons[f"no reference: {slow.outcome}"] += 1
            return
        self.counts["calls held against the reference"] += 1
        stays = json.loads(json.dumps(parse(slow.value)))
        changes, found = differences(trace, stays)
        self.counts["changes held against the reference"] += changes
        if found:
            self.miss("differs from the reference", trace.code, trace.call, *found[:3])

    def alone(self, trace: Trace) -> None:
        """Parts that depend on plain variables only, evaluated by themselves."""
        self.counts["parts"] += len(trace.parts or ())
        asked = list(questions(trace))
        if not asked:
            return
        calls = tuple(f"f({f'({text})'!r}, {{{names}}})" for text, names, _ in asked)
        done = next(self.sandbox.run([Job("alone", ALONE, calls)])).calls
        for (text, names, part), result in zip(asked, done, strict=True):
            self.counts["parts evaluated alone"] += 1
            if result.value != part.value:
                self.miss(
                    "a part evaluated alone differs",
                    trace.code,
                    trace.call,
                    text,
                    names,
                    part,
                    result,
                )

    def miss(self, what: str, code: str, call: str, *details: object) -> None:
        """Count and show what should not be."""
        self.counts[what] += 1
        print(f"--- {what}\n{code}\n{call}", *details, sep="\n", file=sys.stderr)


def facts(result: CallResult) -> tuple[object, ...]:
    """What tracing must not change."""
    return result.outcome, result.value, result.exception, result.stdout


def main() -> None:
    """Look at the calls and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("specs", nargs="*", default=SPECS, help="package:NAME or files:FOLDER")
    parser.add_argument("--calls", type=int, default=1_000, help="how many of packages")
    parser.add_argument("--each", type=int, default=3, help="how many of one function")
    parser.add_argument("--cruxeval", help="rows with code and input, as JSONL")
    options = parser.parse_args()
    with Sandbox(limits=LIMITS) as sandbox:
        findings = Findings(sandbox)
        for subject in from_rows(options.cruxeval) if options.cruxeval else ():
            findings.look_at(*subject)
        for number, spec in enumerate(options.specs):
            share = (options.calls * (number + 1)) // len(options.specs)
            wanted = share - options.calls * number // len(options.specs)
            for subject in islice(from_packages(spec, sandbox, options.each), wanted):
                findings.look_at(*subject)
    print("| what | n |\n| --- | --- |")
    for name, count in [*findings.counts.items(), *findings.reasons.items()]:
        print(f"| {name} | {count} |")


if __name__ == "__main__":
    main()
