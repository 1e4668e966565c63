"""Everything that a run was asked for, read and checked before anything is computed."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from evaluation.backends import PACKAGES, Decoding, Model, Server, find_model
from evaluation.benchmarks import BENCHMARKS, DATA, TRAIN, CallTask, Task, subsample
from evaluation.prompts import (
    MAX_DIRECT_TOKENS,
    MAX_PROGRAM_TOKENS,
    MAX_REASONED_TOKENS,
    STYLES,
    Prompt,
    Style,
    ask,
    max_new_tokens,
)
from pyx_dataset.errors import ConfigError, InputError

MAX_SHOT_CHARS = 400
"""Longest program shown as an example: examples are paid for in every prompt."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One benchmark asked in one way."""

    benchmark: str
    style: Style
    data: str
    folder: Path
    tasks: list[Task]
    train: list[Task]
    """Tasks that are not scored; none where the benchmark has no such split."""
    prompts: list[Prompt]
    shots: int
    decoding: Decoding


def add_model_options(parser: argparse.ArgumentParser) -> None:
    """Who is asked, and how it decodes."""
    add = parser.add_argument
    add("--model", help="a Transformers folder, a Hub name, or what the server calls it")
    add("--backend", default="transformers", help=f"one of {', '.join(PACKAGES)}")
    add("--base-url", help="of the server that backend openai asks, such as http://HOST:8000/v1")
    add("--concurrency", type=positive, default=8, help="requests to the server at a time")
    add("--temperature", type=float, default=0.0, help="0, the default, is greedy")
    add("--top-p", type=float, default=1.0, help="share of the probability that is drawn from")
    add("--seed", type=int, default=0, help="of the draws; ctranslate2 cannot repeat them")
    room = f"{MAX_DIRECT_TOKENS} direct, {MAX_REASONED_TOKENS} reasoned, {MAX_PROGRAM_TOKENS} code"
    add("--max-new-tokens", type=positive, help=f"default: {room}")
    add("--workers", type=positive, default=2, help="sandbox processes that grade")
    add("--out", required=True, help="folder for generations, verdicts and results")


def positive(text: str) -> int:
    """A whole number of at least one."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"must be at least 1, got {number}")
    return number


def check_decoding(options: argparse.Namespace, samples: int) -> None:
    """
    Raises:
        ConfigError: a number is out of range, or greedy samples would all be the same.
    """
    if options.temperature < 0:
        raise ConfigError(f"--temperature must be at least 0, got {options.temperature}")
    if not 0 < options.top_p <= 1:
        raise ConfigError(f"--top-p must be above 0 and at most 1, got {options.top_p}")
    if samples > 1 and not options.temperature:
        raise ConfigError(f"--samples {samples}: greedy ones are all the same; give --temperature")


def model_of(options: argparse.Namespace, environment_key: str) -> Model:
    """
    The model to ask.

    Raises:
        PyxError: it is not there, or what it needs is not.
    """
    if options.model is None:
        raise ConfigError("--model is missing: give a folder, a Hub name or 'gold', or --rescore")
    url = options.base_url
    server = Server(url, environment_key, options.concurrency) if url else None
    return find_model(options.model, options.backend, server)


def make_plans(options: argparse.Namespace) -> list[Plan]:
    """
    Read every benchmark and write every prompt, before anything is computed.

    Raises:
        PyxError: something that was asked for does not exist or does not go together.
    """
    names, styles = options.benchmark.split(","), options.prompt.split(",")
    check_names("benchmark", names, tuple(BENCHMARKS))
    check_names("prompt", styles, STYLES)
    check_names("backend", [options.backend], tuple(PACKAGES))
    if not options.rescore:
        check_decoding(options, 1 if options.model == "gold" else options.samples)
        check_k(options.k, options.samples)
    if options.shots < 0:
        raise ConfigError(f"--shots must be at least 0, got {options.shots}")
    plans = []
    for name in dict.fromkeys(names):
        data = options.data or DATA[name]
        tasks = subsample(BENCHMARKS[name](data), options.limit)
        if not tasks:
            raise InputError(f"{data!r} has no task of {name}")
        train = subsample(TRAIN[name](data), None) if name in TRAIN else []
        shots = _shots(train, options.shots)
        for style in STYLES:
            if style in styles:
                room = options.max_new_tokens or max_new_tokens(tasks[0], style)
                plans.append(
                    Plan(
                        benchmark=name,
                        style=style,
                        data=data,
                        folder=Path(options.out) / f"{name}.{style}",
                        tasks=tasks,
                        train=train,
                        prompts=[ask(task, style, shots) for task in tasks],
                        shots=len(shots),
                        decoding=Decoding(room, options.temperature, options.top_p),
                    )
                )
    return plans


def check_k(asked: str, samples: int) -> list[int]:
    """
    The k of pass@k, as numbers.

    Raises:
        ConfigError: they are none, or more than there are samples.
    """
    if not all(word.isdecimal() and int(word) > 0 for word in asked.split(",")):
        raise ConfigError(f"--k must be numbers from 1 with commas between them, got {asked!r}")
    numbers = sorted({int(word) for word in asked.split(",")})
    if numbers[-1] > samples:
        raise ConfigError(f"pass@{numbers[-1]} is undefined for {samples} samples of each task")
    return numbers


def check_names(kind: str, given: Sequence[str], known: Sequence[str]) -> None:
    """
    Raises:
        ConfigError: a name in `given` is not `known`.
    """
    if unknown := [name for name in given if name not in known]:
        raise ConfigError(f"unknown {kind} {', '.join(unknown)!r}; known: {', '.join(known)}")


def _shots(train: list[Task], count: int) -> Sequence[Task]:
    """The first `count` short programs of the train split, one call of each."""
    programs = {task.program: task for task in reversed(train) if isinstance(task, CallTask)}
    short = [task for task in programs.values() if len(task.code) <= MAX_SHOT_CHARS]
    if len(short) < count:
        raise ConfigError(f"--shots {count}: the benchmark has {len(short)} examples to show")
    return short[:count]
