"""Where the answers to be graded come from: a model, an earlier run, or the benchmark itself."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
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

from evaluation.benchmarks import Task
from evaluation.generate import Generator, load, model_digest, model_folder
from evaluation.prompts import Prompt, gold
from evaluation.results import (
    Answer,
    Setting,
    append_answer,
    read_answers,
    read_setting,
    write_json,
)
from pyx_dataset.errors import InputError

GOLD = "gold"
"""The model that answers with the benchmark's own solutions."""


@dataclass(slots=True)
class Model:
    """A model that is loaded only once there is something to ask it."""

    name: str
    folder: Path
    digest: str
    backend: str
    _generator: Generator | None = None

    @property
    def generator(self) -> Generator:
        """The loaded model."""
        if self._generator is None:
            self._generator = load(self.folder, self.backend)
        return self._generator


def find_model(name: str, backend: str) -> Model:
    """
    Look a model up without loading it.

    Raises:
        InputError: `name` is no model.
    """
    folder = model_folder(name)
    return Model(name, folder, model_digest(folder), backend)


def setting_of(model: Model, max_new_tokens: int, shots: int) -> Setting:
    """How `model` is asked."""
    return Setting(model.name, model.digest, model.backend, "greedy", max_new_tokens, shots)


def gold_answers(tasks: Sequence[Task]) -> tuple[Setting, list[Answer]]:
    """The benchmark's own solutions, in the layout of a model's answers."""
    setting = Setting(GOLD, GOLD, GOLD, GOLD, 0, 0)
    return setting, [Answer(task.id, task.id, gold(task), 0, True) for task in tasks]


def saved_answers(folder: Path, prompts: Sequence[Prompt]) -> tuple[Setting, list[Answer]]:
    """
    The answers of an earlier run.

    Raises:
        InputError: there are none, or they answer other prompts than these.
    """
    if not (folder / "setting.json").exists():
        raise InputError(f"{folder} holds no generations; run once without --rescore")
    setting = read_setting(folder / "setting.json")
    saved = read_answers(folder / "generations.jsonl")
    found = [saved.get(key(setting, prompt)) for prompt in prompts]
    if missing := found.count(None):
        raise InputError(
            f"{folder} answers {len(prompts) - missing} of these {len(prompts)} prompts; "
            f"give the --data and --limit it was made with, or run without --rescore"
        )
    return setting, [answer for answer in found if answer is not None]


def model_answers(
    model: Model,
    setting: Setting,
    folder: Path,
    tasks: Sequence[Task],
    prompts: Sequence[Prompt],
) -> list[Answer]:
    """
    Ask `model` everything that `folder` does not yet answer, saving each answer as it is made.

    Progress goes to standard error.
    """
    write_json(folder / "setting.json", setting)
    path = folder / "generations.jsonl"
    saved = read_answers(path)
    keys = [key(setting, prompt) for prompt in prompts]
    # The same prompt twice is asked once.
    todo = {key: index for index, key in enumerate(keys) if key not in saved}
    if todo:
        places = list(todo.values())
        asked = [prompts[place] for place in places]
        with _progress() as progress:
            bar = progress.add_task(folder.name, total=len(keys), completed=len(keys) - len(todo))
            for made in model.generator.generate(asked, setting.max_new_tokens):
                place = places[made.index]
                text = prompts[place].prefill + made.text
                answer = Answer(keys[place], tasks[place].id, text, made.tokens, made.is_complete)
                append_answer(path, answer)
                saved[answer.key] = answer
                progress.advance(bar)
    return [saved[key] for key in keys]


def key(setting: Setting, prompt: Prompt) -> str:
    """Fingerprint of everything an answer depends on; the model by content, not by name."""
    asked = [setting.model_digest, setting.backend, setting.decoding, setting.max_new_tokens]
    text = json.dumps([*asked, prompt.messages, prompt.prefill, prompt.stops])
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(
        *columns, TimeElapsedColumn(), TimeRemainingColumn(), console=Console(stderr=True)
    )
