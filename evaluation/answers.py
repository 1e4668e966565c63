"""Where the answers to be graded come from: a model, an earlier run, or the benchmark itself."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from evaluation.backends import Decoding, Model, Request
from evaluation.prompts import Prompt, gold, without_prefill
from evaluation.results import (
    Answer,
    Setting,
    append_answer,
    read_answers,
    read_setting,
    write_json,
)
from evaluation.tasks import Task
from pyx_dataset.errors import InputError

GOLD = "gold"
"""The model that answers with the benchmark's own solutions."""
GREEDY = "greedy"

Samples = list[Answer]
"""The answers to one task."""


def setting_of(model: Model, decoding: Decoding, shots: int, samples: int, seed: int) -> Setting:
    """How `model` is asked."""
    drawn = f"temperature {decoding.temperature}, top_p {decoding.top_p}, seed {seed}"
    return Setting(
        model=model.name,
        model_digest=model.digest,
        backend=model.backend,
        decoding=drawn if decoding.temperature else GREEDY,
        max_new_tokens=decoding.max_new_tokens,
        shots=shots,
        samples=samples,
        prefill=model.can_prefill,
    )


def gold_answers(tasks: Sequence[Task], samples: int) -> tuple[Setting, list[Samples]]:
    """The benchmark's own solutions, in the layout of a model's answers."""
    setting = Setting(GOLD, GOLD, GOLD, GOLD, 0, 0, samples)
    answers = [
        [Answer(task.id, task.id, gold(task), 0, True, sample) for sample in range(samples)]
        for task in tasks
    ]
    return setting, answers


def saved_answers(folder: Path, prompts: Sequence[Prompt]) -> tuple[Setting, list[Samples]]:
    """
    The answers of an earlier run.

    Raises:
        InputError: there are none, or they answer other prompts than these.
    """
    if not (folder / "setting.json").exists():
        raise InputError(f"{folder} holds no generations; run once without --rescore")
    setting = read_setting(folder / "setting.json")
    saved = read_answers(folder / "generations.jsonl")
    found = [
        [answer for sample in range(setting.samples) if (answer := saved.get(key(*one, sample)))]
        for one in ((setting, prompt) for prompt in prompts)
    ]
    if missing := sum(len(answers) < setting.samples for answers in found):
        raise InputError(
            f"{folder} answers {len(prompts) - missing} of these {len(prompts)} prompts; "
            f"give the --data and --limit it was made with, or run without --rescore"
        )
    return setting, found


def model_answers(
    model: Model,
    setting: Setting,
    decoding: Decoding,
    folder: Path,
    tasks: Sequence[Task],
    prompts: Sequence[Prompt],
) -> list[Samples]:
    """
    Ask `model` everything that `folder` does not yet answer, saving each answer as it is made.

    Progress goes to standard error.
    """
    write_json(folder / "setting.json", setting)
    path = folder / "generations.jsonl"
    saved = read_answers(path)
    wanted = [(place, sample) for sample in range(setting.samples) for place in range(len(tasks))]
    keys = {one: key(setting, prompts[one[0]], one[1]) for one in wanted}
    # The same prompt twice is asked once.
    todo = {keys[one]: one for one in reversed(wanted) if keys[one] not in saved}
    if todo:
        asked = [
            Request(
                prompts[place] if setting.prefill else without_prefill(prompts[place]), _seed(k)
            )
            for k, (place, _) in todo.items()
        ]
        names = list(todo)
        with _progress() as progress:
            done = len(wanted) - len(todo)
            bar = progress.add_task(folder.name, total=len(wanted), completed=done)
            for made in model.generator.generate(asked, decoding):
                name = names[made.index]
                place, sample = todo[name]
                text = asked[made.index].prompt.prefill + made.text
                answer = Answer(name, tasks[place].id, text, made.tokens, made.is_complete, sample)
                append_answer(path, answer)
                saved[name] = answer
                progress.advance(bar)
    return [
        [saved[keys[place, sample]] for sample in range(setting.samples)]
        for place in range(len(tasks))
    ]


def key(setting: Setting, prompt: Prompt, sample: int = 0) -> str:
    """Fingerprint of everything an answer depends on; the model by content, not by name."""
    asked = [setting.model_digest, setting.backend, setting.decoding, setting.max_new_tokens]
    number = [sample] if sample else []
    text = json.dumps([*asked, prompt.messages, prompt.prefill, prompt.stops, *number])
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


def _seed(name: str) -> int:
    """The seed of one sample: its key holds the seed of the run, the prompt and its number."""
    return int(name, 16) % 2**31


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(
        *columns, TimeElapsedColumn(), TimeRemainingColumn(), console=Console(stderr=True)
    )
