"""Score a model: ``python -m evaluation.run --model M --benchmark pyx-output --out DIR``.

The same command goes on where a killed run stopped. ``--rescore`` grades what is saved,
without a model. ``--model gold`` answers with the benchmark's own solutions, on which a
scorer has to be perfect.
"""

import argparse
import os
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from datasets import disable_progress_bars
from rich.console import Console

from evaluation.answers import (
    GOLD,
    Samples,
    gold_answers,
    model_answers,
    saved_answers,
    setting_of,
)
from evaluation.backends import Model
from evaluation.baselines import trivial_verdicts
from evaluation.benchmarks import BENCHMARKS, digest
from evaluation.plans import Plan, add_model_options, check_k, make_plans, model_of, positive
from evaluation.prompts import STYLES
from evaluation.results import Results, Row, Setting, pass_rates, score, write_json, write_rows
from evaluation.scoring import grade
from pyx_dataset.errors import PyxError
from pyx_dataset.grading import Verdict


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; 0 when every score is written, 2 with one sentence if not."""
    options = _parser().parse_args(argv)
    disable_progress_bars()
    console = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
    try:
        plans = make_plans(options)
        asks = not options.rescore and options.model != GOLD
        model = model_of(options, os.environ.get("OPENAI_API_KEY", "")) if asks else None
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
    add("--benchmark", required=True, help=f"comma-separated: {', '.join(BENCHMARKS)}")
    add("--prompt", default="direct", help=f"comma-separated: {', '.join(STYLES)}")
    add("--data", help="a built PYX or its Hub name; or the benchmark's own file or Hub name")
    add("--limit", type=positive, help="tasks of each benchmark, spread over its programs")
    add("--shots", type=int, default=0, help="solved examples from the train split, direct only")
    add("--samples", type=positive, default=1, help="answers to each task")
    add("--k", default="1", help="comma-separated: pass@k for each; none above --samples")
    add("--rescore", action="store_true", help="grade saved generations again, without a model")
    add_model_options(parser)
    return parser


def _answers(
    options: argparse.Namespace, plan: Plan, model: Model | None
) -> tuple[Setting, list[Samples]]:
    if options.rescore:
        setting, answers = saved_answers(plan.folder, plan.prompts)
        check_k(options.k, setting.samples)
        return setting, answers
    if model is None:
        return gold_answers(plan.tasks, options.samples)
    setting = setting_of(model, plan.decoding, plan.shots, options.samples, options.seed)
    answers = model_answers(model, setting, plan.decoding, plan.folder, plan.tasks, plan.prompts)
    return setting, answers


def judge(
    options: argparse.Namespace, plan: Plan, setting: Setting, answers: list[Samples]
) -> Results:
    """Grade the answers and the trivial ones beside them, and write both down."""
    flat = [answer for samples in answers for answer in samples]
    places = [place for place, samples in enumerate(answers) for _ in samples]
    asked = [plan.tasks[place] for place in places]
    verdicts = list(grade(asked, [answer.text for answer in flat], options.workers))
    trivial = trivial_verdicts(plan.tasks, plan.train, options.workers)
    rows = [
        Row(
            id=task.id,
            program=task.program,
            sample=answer.sample,
            passed=verdict.passed,
            outcome=verdict.outcome,
            reason=verdict.reason,
            trivial=[name for name, passed in trivial.items() if passed[place]],
        )
        for place, task, answer, verdict in zip(places, asked, flat, verdicts, strict=True)
    ]
    hard = [row for row in rows if not row.trivial]
    programs = [task.program for task in plan.tasks]
    results = Results(
        benchmark=plan.benchmark,
        prompt=plan.style,
        setting=setting,
        data=plan.data,
        data_digest=digest(plan.tasks),
        total=score(*pass_rates(rows)),
        pass_at={str(k): score(*pass_rates(rows, k)) for k in check_k(options.k, setting.samples)},
        hard=score(*pass_rates(hard)) if hard else None,
        baselines={name: score(passed, programs) for name, passed in trivial.items()},
        outcomes=dict(sorted(Counter(map(_kind, verdicts)).items())),
        tokens=sum(answer.tokens for answer in flat) / len(flat),
        cut=sum(not answer.is_complete for answer in flat),
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
    more = [f"pass@{k} {at.text()} %" for k, at in results.pass_at.items() if k != "1"]
    shown = ", ".join([f"{total.text()} %", *more])
    samples = f"{results.setting.samples} samples, " if results.setting.samples > 1 else ""
    return (
        f"{results.benchmark} {results.prompt}: {shown} (n = {total.n}, {samples}"
        f"{total.clusters} programs, {results.cut} answers cut) in {folder}"
    )


if __name__ == "__main__":
    sys.exit(main())
