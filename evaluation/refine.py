"""Self-refinement: ``python -m evaluation.refine --model M --benchmark humaneval --out DIR``.

The model writes a program (for ``pyx-debug`` in place of a broken one); while a test that it may
see fails, it is shown its program with that test in the layout of PYX-R and writes another one,
for ``--rounds`` rounds. ``--tests public``
shows only tests that a user would have; ``oracle`` shows those that are scored, which no user has.
The score of every round is by all tests. The same command goes on where a killed run stopped.
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import get_args

from datasets import disable_progress_bars
from rich.console import Console

from evaluation.answers import model_answers, setting_of
from evaluation.backends import PACKAGES, Decoding, Model
from evaluation.benchmarks import BENCHMARKS, DATA, digest, subsample
from evaluation.plans import add_model_options, check_decoding, check_names, model_of, positive
from evaluation.prompts import MAX_REASONED_TOKENS, Prompt, ask, mend
from evaluation.results import Score, Setting, score, write_json
from evaluation.scoring import candidate
from evaluation.shown_tests import Shown, ShownTest, called_name, shown_tests
from evaluation.tasks import ProgramTask
from pyx_dataset import Sandbox
from pyx_dataset.answers import read_code
from pyx_dataset.errors import InputError, PyxError
from pyx_dataset.grading import grade_programs
from pyx_dataset.layout import (
    REFINED_OPEN,
    SHOWN_PASSING,
    fault_body,
    signature_of,
)
from pyx_dataset.sandbox.judge import TestCase
from pyx_dataset.store import write_text

REFINABLE = ("humaneval", "mbpp", "pyx-code", "pyx-debug")


@dataclass(slots=True)
class Attempt:
    """Where one task stands after a round."""

    id: str
    round: int
    code: str
    passed: bool
    """All tests, shown or not."""
    failed: str | None
    """The first shown test that fails; None where all pass or there is none to show."""
    passing: list[str]
    """Shown tests that hold."""


@dataclass(frozen=True, slots=True)
class Refinement:
    """``results.json`` of a run."""

    benchmark: str
    tests: str
    """``public`` or ``oracle``: where the feedback came from."""
    setting: Setting
    data: str
    data_digest: str
    without_tests: int
    """Tasks that have no test to show, and so no second round."""
    asked: list[int]
    """Programs that were written in each round."""
    curve: list[Score]
    """By all tests, after each round; the first is without feedback."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; 0 when the curve is written, 2 with one sentence if not."""
    parser = argparse.ArgumentParser(prog="python -m evaluation.refine", description=__doc__)
    add = parser.add_argument
    add("--benchmark", required=True, help=f"one of {', '.join(REFINABLE)}")
    add("--data", help="a built PYX or its Hub name; or the benchmark's own file or Hub name")
    add("--limit", type=positive, help="tasks")
    add("--rounds", type=positive, default=3, help="programs after the first one")
    add("--tests", default="public", help=f"whose failure is shown: {' or '.join(get_args(Shown))}")
    add_model_options(parser)
    options = parser.parse_args(argv)
    disable_progress_bars()
    console = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
    try:
        check_names("benchmark", [options.benchmark], REFINABLE)
        check_names("value of --tests", [options.tests], get_args(Shown))
        check_names("backend", [options.backend], tuple(PACKAGES))
        check_decoding(options, 1)
        data = options.data or DATA[options.benchmark]
        found = subsample(BENCHMARKS[options.benchmark](data), options.limit)
        tasks = [task for task in found if isinstance(task, ProgramTask)]
        if not tasks:
            raise InputError(f"{data!r} has no task of {options.benchmark}")
        model = model_of(options, os.environ.get("OPENAI_API_KEY", ""))
        room = options.max_new_tokens or MAX_REASONED_TOKENS  # a rationale and a program
        decoding = Decoding(room, options.temperature, options.top_p)
        setting = setting_of(model, decoding, 0, 1, options.seed)
        folder = Path(options.out) / f"{options.benchmark}.refine-{options.tests}"
        folder.mkdir(parents=True, exist_ok=True)
        with Sandbox(workers=options.workers) as sandbox:
            run = Refiner(model, setting, decoding, folder, sandbox, options.tests)
            history = run.refine(tasks, options.rounds)
        results = Refinement(
            benchmark=options.benchmark,
            tests=options.tests,
            setting=setting,
            data=data,
            data_digest=digest(tasks),
            without_tests=sum(not shown_tests(task, options.tests) for task in tasks),
            asked=[sum(one.round == number for one in now) for number, now in enumerate(history)],
            curve=[
                score((one.passed for one in now), (task.program for task in tasks))
                for now in history
            ],
        )
        rounds = [one for number, now in enumerate(history) for one in now if one.round == number]
        lines = (json.dumps(asdict(one)) + "\n" for one in rounds)
        write_text(folder / "rounds.jsonl", "".join(lines))
        write_json(folder / "results.json", results)
        for number, (one, asked) in enumerate(zip(results.curve, results.asked, strict=True)):
            console.print(f"round {number}: {one.text()} % (n = {one.n}, {asked} programs written)")
        console.print(f"{options.tests} tests, {results.without_tests} tasks have none: {folder}")
    except PyxError as exc:
        console.print(f"error: {exc}")
        return 2
    except OSError as exc:
        console.print(f"error: cannot write to {options.out}: {exc.strerror or exc}")
        return 2
    return 0


@dataclass(slots=True)
class Refiner:
    """A model at its own programs."""

    model: Model
    setting: Setting
    decoding: Decoding
    folder: Path
    sandbox: Sandbox
    tests: Shown

    def refine(self, tasks: Sequence[ProgramTask], rounds: int) -> list[list[Attempt]]:
        """For each round, from the first program on, where every task stands after it."""
        first = self._ask(tasks, [ask(task, "direct") for task in tasks])
        codes = [candidate(task, text) for task, text in zip(tasks, first, strict=True)]
        now = self._attempts(tasks, codes, 0)
        history = [now]
        for number in range(1, rounds + 1):
            open_ones = [place for place, one in enumerate(now) if one.failed is not None]
            asked = [tasks[place] for place in open_ones]
            prompts = [debug(tasks[place], now[place]) for place in open_ones]
            texts = self._ask(asked, prompts) if asked else []
            codes = [
                refined(text) or now[place].code
                for place, text in zip(open_ones, texts, strict=True)
            ]
            done = self._attempts(asked, codes, number)
            now = list(now)
            for place, attempt in zip(open_ones, done, strict=True):
                now[place] = attempt
            history.append(now)
        return history

    def _ask(self, tasks: Sequence[ProgramTask], prompts: list[Prompt]) -> list[str]:
        answers = model_answers(
            self.model, self.setting, self.decoding, self.folder, tasks, prompts
        )
        return [samples[0].text for samples in answers]

    def _attempts(
        self, tasks: Sequence[ProgramTask], codes: Sequence[str], number: int
    ) -> list[Attempt]:
        """Run every shown test and all tests together on each program."""
        pairs = list(zip(tasks, codes, strict=True))
        shown = [shown_tests(task, self.tests) for task in tasks]
        cases = [_case(task, code, task.test) for task, code in pairs]
        ones = [
            _case(task, code, test.test)
            for (task, code), tests in zip(pairs, shown, strict=True)
            for test in tests
        ]
        whole = [verdict.passed for verdict in grade_programs(cases, self.sandbox)]
        single = iter([verdict.passed for verdict in grade_programs(ones, self.sandbox)])
        attempts = []
        for (task, code), tests, passed in zip(pairs, shown, whole, strict=True):
            held: list[tuple[ShownTest, bool]] = [(test, next(single)) for test in tests]
            failed = next((test.text for test, holds in held if not holds), None)
            passing = [test.text for test, holds in held if holds]
            attempts.append(Attempt(task.id, number, code, passed, failed, passing))
        return attempts


def _case(task: ProgramTask, code: str, test: str) -> TestCase:
    return TestCase(task.id, code, test, task.entry_point, task.setup)


def debug(task: ProgramTask, attempt: Attempt) -> Prompt:
    """PYX-R's question about a program that fails a test."""
    assert attempt.failed is not None
    name = called_name(task)
    try:
        signature = signature_of(attempt.code, name)
    except (SyntaxError, ValueError, StopIteration, RecursionError, MemoryError):
        signature = f"{name}(...)"
    passing = attempt.passing[:SHOWN_PASSING]
    body = fault_body(task.text, signature, passing, attempt.code, attempt.failed)
    return mend(body)


def refined(text: str) -> str:
    """The program behind ``[Refined]``, or in the answer's fence; empty where there is neither."""
    if REFINED_OPEN in text:
        return read_code(text.rpartition(REFINED_OPEN)[2]).strip("\n")
    return read_code(text) if "```" in text else ""


if __name__ == "__main__":
    sys.exit(main())
