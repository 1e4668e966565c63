"""How fast a back end answers at length on a CPU, and whether it answers the same.

    python -m benchmarks.answering pyx [--model FOLDER] [--monologues 400] [--answers 100]

Monologues of the test split are written with the threads that the machine gives; with ``--peers``
so many of them also by the library's own `generate` and by ctranslate2. CPU time is that of the
process. A model that was never trained on monologues ends few of them before they are cut, so
give one that was. The agreement is of greedy direct answers with `generate` in float32, one
prompt at a time. A number of 0 leaves a part out.
"""

import argparse
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from evaluation.backends import Decoding, Generation, Request, local
from evaluation.backends.local import chat_tokenizer, encode
from evaluation.backends.with_ctranslate2 import Ctranslate2Generator
from evaluation.backends.with_transformers import TransformersGenerator
from evaluation.benchmarks import BENCHMARKS, subsample
from evaluation.prompts import MAX_DIRECT_TOKENS, MAX_REASONED_TOKENS, Style, ask
from evaluation.scoring import grade
from evaluation.tasks import Task

Answers = Callable[[list[Request], Decoding], Iterable[Generation]]
WANTED = 400
"""Monologues whose time is extrapolated."""


def requests(tasks: list[Task], style: Style) -> list[Request]:
    """Each task put to the model, greedily."""
    return [Request(ask(task, style), 0) for task in tasks]


def library(generator: TransformersGenerator, rows: int) -> Answers:
    """The library's own `generate`, in batches of at most `rows`."""

    def answers(asked: list[Request], decoding: Decoding) -> Iterable[Generation]:
        local.BATCH_ROWS = rows
        ids = encode([request.prompt for request in asked], generator._tokenizer)
        return generator._in_batches(asked, ids, decoding)

    return answers


def time_monologues(name: str, answers: Answers, asked: list[Request], room: int) -> None:
    """Print what one back end took for all of `asked`."""
    cpu, wall = time.process_time(), time.perf_counter()
    tokens = sum(made.tokens for made in answers(asked, Decoding(room)))
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    each = WANTED / len(asked)
    print(
        f"{name}: {tokens} tokens of {len(asked)} monologues, {tokens / cpu:.0f} a CPU s; "
        f"{WANTED} such take {each * cpu / 60:.1f} min of CPU, {each * wall / 60:.1f} min here"
    )


def in_float32(folder: Path) -> TransformersGenerator:
    """The same model in float32."""
    generator = TransformersGenerator(folder, chat_tokenizer(folder, str(folder)))
    generator._model.float()
    return generator


def main() -> None:
    """Print one line for each back end and each agreement."""
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("pyx", help="a PyX data set: a folder or a Hub name")
    add("--model", type=Path, default=Path("models/smollm2-135m-instruct"))
    add("--monologues", type=int, default=WANTED)
    add("--room", type=int, default=MAX_REASONED_TOKENS, help="most tokens of a monologue")
    add("--answers", type=int, default=100)
    add("--peers", type=int, default=0, help="time generate and ctranslate2 on so many of them")
    options = parser.parse_args()

    folder: Path = options.model
    tokenizer = chat_tokenizer(folder, str(folder))
    ours = TransformersGenerator(folder, tokenizer)
    theirs = Ctranslate2Generator(folder, tokenizer)
    tasks = BENCHMARKS["pyx-output"](options.pyx)
    asked = requests(subsample(tasks, options.monologues), "monologue")
    few = asked[: options.peers]
    for name, answers, some in (
        ("transformers", ours.generate, asked),
        ("the same", ours.generate, few),
        ("generate, 16 rows", library(ours, 16), few),
        ("ctranslate2", theirs.generate, few),
    ):
        if some:
            time_monologues(name, answers, some, options.room)
    if options.answers:
        agreement(subsample(tasks, options.answers), ours, theirs, in_float32(folder))


def agreement(
    tasks: list[Task],
    ours: TransformersGenerator,
    theirs: Ctranslate2Generator,
    exact: TransformersGenerator,
) -> None:
    """Print how many texts and verdicts are those of `exact`, one prompt at a time."""
    asked, how = requests(tasks, "direct"), Decoding(MAX_DIRECT_TOKENS)

    def texts(answers: Answers) -> list[str]:
        made = {one.index: one.text for one in answers(asked, how)}
        return [request.prompt.prefill + made[place] for place, request in enumerate(asked)]

    expected = texts(library(exact, 1))
    right = [verdict.passed for verdict in grade(tasks, expected, 2)]
    for name, answers in {"transformers": ours.generate, "ctranslate2": theirs.generate}.items():
        found = texts(answers)
        same = sum(map(str.__eq__, found, expected))
        verdicts = [verdict.passed for verdict in grade(tasks, found, 2)]
        agree = sum(map(bool.__eq__, verdicts, right))
        print(f"{name}: {same} of {len(tasks)} texts and {agree} verdicts as in float32")


if __name__ == "__main__":
    main()
