"""Score a model: ``python -m evaluation.run --model M --benchmark pyx-output --out DIR``.

The same command goes on where a killed run stopped. ``--rescore`` grades what is saved,
without a model. ``--model gold`` answers with the benchmark's own solutions, on which a
scorer has to be perfect.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from datasets import disable_progress_bars
from rich.console import Console
from transformers.utils.logging import disable_progress_bar as disable_loading_bar

from evaluation.answers import (
    GOLD,
    Model,
    find_model,
    gold_answers,
    model_answers,
    saved_answers,
    setting_of,
)
from evaluation.baselines import trivial_verdicts
from evaluation.benchmarks import BENCHMARKS, TRAIN, CallTask, Task, digest, subsample
from evaluation.generate import BACKENDS
from evaluation.prompts import STYLES, Prompt, Style, ask, max_new_tokens
from evaluation.results import Answer, Results, Row, Setting, score, write_json, write_rows
from evaluation.scoring import grade
from pyx_dataset.errors import ConfigError, InputError, PyxError
from pyx_dataset.grading import Verdict

MAX_SHOT_CHARS = 400
"""Longest program shown as an example: examples are paid for in every prompt."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One benchmark asked in one way."""

    benchmark: str
    style: Style
    folder: Path
    tasks: list[Task]
    train: list[Task]
    """Tasks that are not scored; none where the benchmark has no such split."""
    prompts: list[Prompt]
    shots: int


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; 0 when every score is written, 2 with one sentence if not."""
    options = _parser().parse_args(argv)
    disable_progress_bars()
    disable_loading_bar()
    console = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
    try:
        plans = make_plans(options)
        model = _model(options)
        for plan in plans:
            plan.folder.mkdir(parents=True, exist_ok=True)
            setting, answers = _answers(options, plan, model)
            console.print(describe(judge(options, plan, setting, answers), plan.folder))
    except PyxError as exc:
        console.print(f"error: {exc}")
        return 2
    except OSError as exc:
        console.print(f"error: cannot write to {options.out}: {exc.strerror or exc}")
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evaluation.run", description=__doc__)
    add = parser.add_argument
    add("--model", help="a Transformers folder, a Hub name, or 'gold'; not needed to --rescore")
    add("--benchmark", required=True, help=f"comma-separated: {', '.join(BENCHMARKS)}")
    add("--prompt", default="direct", help=f"comma-separated: {', '.join(STYLES)}")
    add("--backend", default="transformers", help=f"one of {', '.join(BACKENDS)}")
    add("--data", default="pyx", help="a built PYX or its Hub name; or the benchmark's own file")
    add("--limit", type=_positive, help="tasks of each benchmark, spread over its programs")
    add("--shots", type=int, default=0, help="solved examples from the train split, direct only")
    add("--max-new-tokens", type=_positive, help="default: 160 direct, 1024 monologue, 512 code")
    add("--workers", type=_positive, default=2, help="sandbox processes that grade")
    add("--out", required=True, help="folder for generations, verdicts and results")
    add("--rescore", action="store_true", help="grade saved generations again, without a model")
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"must be at least 1, got {number}")
    return number


def make_plans(options: argparse.Namespace) -> list[Plan]:
    """
    Read every benchmark and write every prompt, before anything is computed.

    Raises:
        PyxError: something that was asked for does not exist or does not go together.
    """
    _check_names("benchmark", options.benchmark, tuple(BENCHMARKS))
    _check_names("prompt", options.prompt, STYLES)
    _check_names("backend", options.backend, tuple(BACKENDS))
    plans = []
    for name in options.benchmark.split(","):
        tasks = subsample(BENCHMARKS[name](options.data), options.limit)
        if not tasks:
            raise InputError(f"{options.data!r} has no task of {name}")
        train = subsample(TRAIN[name](options.data), None) if name in TRAIN else []
        shots = _shots(train, options.shots)
        for style in STYLES:
            if style in options.prompt.split(","):
                prompts = [ask(task, style, shots) for task in tasks]
                folder = Path(options.out) / f"{name}.{style}"
                plans.append(Plan(name, style, folder, tasks, train, prompts, len(shots)))
    return plans


def _check_names(kind: str, given: str, known: Sequence[str]) -> None:
    if unknown := [name for name in given.split(",") if name not in known]:
        raise ConfigError(f"unknown {kind} {', '.join(unknown)!r}; known: {', '.join(known)}")


def _shots(train: list[Task], count: int) -> Sequence[Task]:
    """The first `count` short programs of the train split, one call of each."""
    programs = {task.program: task for task in reversed(train) if isinstance(task, CallTask)}
    short = [task for task in programs.values() if len(task.code) <= MAX_SHOT_CHARS]
    if len(short) < count:
        raise ConfigError(f"--shots {count}: the benchmark has {len(short)} examples to show")
    return short[:count]


def _model(options: argparse.Namespace) -> Model | None:
    """The model to ask; None where no model is asked."""
    if options.rescore or options.model == GOLD:
        return None
    if options.model is None:
        raise ConfigError("--model is missing: give a folder, a Hub name or 'gold', or --rescore")
    return find_model(options.model, options.backend)


def _answers(
    options: argparse.Namespace, plan: Plan, model: Model | None
) -> tuple[Setting, list[Answer]]:
    if options.rescore:
        return saved_answers(plan.folder, plan.prompts)
    if model is None:
        return gold_answers(plan.tasks)
    room = options.max_new_tokens or max_new_tokens(plan.tasks[0], plan.style)
    setting = setting_of(model, room, plan.shots)
    return setting, model_answers(model, setting, plan.folder, plan.tasks, plan.prompts)


def judge(
    options: argparse.Namespace, plan: Plan, setting: Setting, answers: list[Answer]
) -> Results:
    """Grade the answers and the trivial ones beside them, and write both down."""
    verdicts = list(grade(plan.tasks, [answer.text for answer in answers], options.workers))
    trivial = trivial_verdicts(plan.tasks, plan.train, options.workers)
    rows = [
        Row(
            id=task.id,
            program=task.program,
            passed=verdict.passed,
            outcome=verdict.outcome,
            reason=verdict.reason,
            trivial=[name for name, passed in trivial.items() if passed[place]],
        )
        for place, (task, verdict) in enumerate(zip(plan.tasks, verdicts, strict=True))
    ]
    hard = [row for row in rows if not row.trivial]
    programs = [row.program for row in rows]
    results = Results(
        benchmark=plan.benchmark,
        prompt=plan.style,
        k=1,
        setting=setting,
        data=options.data,
        data_digest=digest(plan.tasks),
        total=score((row.passed for row in rows), programs),
        hard=score((row.passed for row in hard), (row.program for row in hard)) if hard else None,
        baselines={name: score(passed, programs) for name, passed in trivial.items()},
        outcomes=dict(sorted(Counter(map(_kind, verdicts)).items())),
        tokens=sum(answer.tokens for answer in answers) / len(answers),
        cut=sum(not answer.is_complete for answer in answers),
    )
    write_rows(plan.folder / "verdicts.jsonl", rows)
    write_json(plan.folder / "results.json", results)
    return results


def _kind(verdict: Verdict) -> str:
    """``right``, or how the graded run of a wrong answer ended."""
    if verdict.passed:
        return "right"
    return "wrong value" if verdict.outcome == "returned" else str(verdict.outcome)


def describe(results: Results, folder: Path) -> str:
    """One line for the terminal."""
    total = results.total
    return (
        f"{results.benchmark} {results.prompt}: {total.text()} % "
        f"(n = {total.n}, {total.clusters} programs, {results.cut} answers cut) in {folder}"
    )


if __name__ == "__main__":
    sys.exit(main())
