"""What a teacher would be asked, before it costs anything; and what comes of the first answers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from pyx_dataset.classroom.room import Room
from pyx_dataset.classroom.teaching import teach
from pyx_dataset.config import BuildConfig
from pyx_dataset.errors import InputError
from pyx_dataset.lessons import NARRATOR, Tally
from pyx_dataset.pipeline import gather
from pyx_dataset.program import Boxes, make
from pyx_dataset.schema import Rejected
from pyx_dataset.shards import Shard
from pyx_dataset.teacher.budget import Budget, estimated_tokens
from pyx_dataset.teacher.prompts import load_prompts
from pyx_dataset.teacher.protocol import Answer, Request, Teacher
from pyx_dataset.teacher.scripted import Listener


class Noting:
    """A teacher whose every exchange is noted."""

    def __init__(self, teacher: Teacher) -> None:
        self.name = teacher.name
        self.exchanges: list[tuple[Request, Answer]] = []
        self._teacher = teacher

    def ask(self, requests: Sequence[Request]) -> list[Answer]:
        """As the teacher does."""
        answers = self._teacher.ask(requests)
        self.exchanges += zip(requests, answers, strict=True)
        return answers


@dataclass(frozen=True, slots=True)
class Preview:
    """The first programs of a build, and what was asked about them."""

    exchanges: list[tuple[Request, Answer]]
    tallies: list[Tally]
    rejected: list[Rejected]
    """The teacher's texts that were dropped, with the reason."""
    seen: int
    """Programs that were tried to get at those that were kept."""
    kept: int
    there: int
    """Programs that the whole build would try."""


def preview(config: BuildConfig, teacher: Teacher, programs: int, require: str = "weak") -> Preview:
    """
    Ask about the first `programs` programs that survive; nothing is written but the cache.

    Raises:
        InputError: a seed source or a prompt file is not as it should be.
        TeacherError: the teacher gives no answers.
    """
    prompts, noting = load_prompts(config.teacher.prompts), Noting(teacher)
    seen = kept = 0
    with Boxes(config, require) as boxes, TemporaryDirectory() as scratch:
        gathering, tallies = gather(
            config, Path(scratch) / "seeds", lambda stage, done, total: None, noting, prompts,
            boxes.first,
        )  # fmt: skip
        rejected, found = [*gathering.rejected], gathering.settle()
        for program in found:
            bundle, dropped = make(program, config, boxes)
            shard = Shard((bundle,) if bundle else (), tuple(dropped))
            taught = teach([program], shard, Room(config, noting, prompts, boxes))
            tallies += taught.tallies
            rejected += taught.rejected
            seen += 1
            kept += len(taught.bundles)
            if kept >= programs:
                break
    ours = [item for item in rejected if item.stage.startswith("taught")]
    return Preview(noting.exchanges, tallies, ours, seen, kept, len(found))


def prompts_shown(
    config: BuildConfig, programs: int, require: str = "weak"
) -> Iterator[RenderableType]:
    """
    One prompt of each task in full, and what the whole build would ask at most; none is sent.

    Raises:
        InputError: the config names no model, or as `preview`.
    """
    _require_model(config)
    found = preview(config, Listener(config.teacher.called), programs, require)
    first: dict[str, Request] = {}
    for request, _ in found.exchanges:
        first.setdefault(request.task, request)
    for task, request in first.items():
        title = f"--- {task}: {request.subject}, prompt file {request.prompt_hash}"
        yield Text(f"{title}\n{request.prompt}\n")
    budget, most = Budget(config.teacher), config.teacher.max_tokens
    table = Table("task", "requests", "tokens in", "tokens out at most", "cost at most",
                  title="the whole build, estimated", title_justify="left")  # fmt: skip
    share = found.there / max(found.seen, 1)
    if config.programs:
        share = min(share, config.programs / max(found.kept, 1))
    for task in first:
        mine = [request for request, _ in found.exchanges if request.task == task]
        times = 1.0 if task == "problem" else share
        tokens_in = round(times * sum(estimated_tokens(item.prompt) for item in mine))
        requests = round(times * len(mine))
        cost = budget.price(tokens_in, requests * most)
        table.add_row(task, str(requests), str(tokens_in), str(requests * most), f"{cost:.4f}")
    yield table
    yield Text(
        f"from {found.kept} programs kept of {found.seen} tried; {found.there} are there. "
        f"Repairs come on top. Nothing was sent."
    )


def answers_shown(
    config: BuildConfig, teacher: Teacher | None, programs: int, require: str = "weak"
) -> Iterator[RenderableType]:
    """
    Every answer about the first programs, and what was dropped and why.

    Raises:
        InputError: there is no teacher to ask, or as `preview`.
        TeacherError: it gives no answers.
    """
    _require_model(config)
    assert teacher is not None, "a config that names a model has one"
    found = preview(config, teacher, programs, require)
    for request, answer in found.exchanges:
        title = f"--- {request.task}: {request.subject}, sample {request.sample}"
        yield Text(f"{title}\n{answer.text or answer.error}\n")
    table = Table("stage", "subject", "reason", "detail", title="dropped", title_justify="left")
    for item in found.rejected:
        table.add_row(item.stage, item.subject, item.reason, Text(item.detail))
    yield table
    yield tallies_shown({item.task: _sum(found.tallies, item.task) for item in found.tallies})


def tallies_shown(tallies: dict[str, dict[str, int]]) -> RenderableType:
    """What was asked for and what of it was kept."""
    table = Table("task", "asked", "kept", "tokens in", "tokens out",
                  title="taught", title_justify="left")  # fmt: skip
    for task, counts in tallies.items():
        names = ("asked", "accepted", "tokens_in", "tokens_out")
        table.add_row(task, *(str(counts[name]) for name in names))
    return table


def _require_model(config: BuildConfig) -> None:
    if config.teacher.kind == NARRATOR:
        raise InputError("the narrator is asked nothing; name a model with --teacher-model")


def _sum(tallies: Sequence[Tally], task: str) -> dict[str, int]:
    mine = [item for item in tallies if item.task == task]
    return {
        "asked": sum(item.asked for item in mine),
        "accepted": sum(item.accepted for item in mine),
        "tokens_in": sum(item.tokens_in for item in mine),
        "tokens_out": sum(item.tokens_out for item in mine),
    }
