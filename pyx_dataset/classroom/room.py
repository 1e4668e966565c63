"""Who teaches, and what it takes."""

from collections.abc import Sequence
from dataclasses import dataclass

from pyx_dataset.config import BuildConfig
from pyx_dataset.errors import InputError
from pyx_dataset.lessons import Tally
from pyx_dataset.program import Boxes
from pyx_dataset.schema import Trace
from pyx_dataset.teacher.prompts import Prompts
from pyx_dataset.teacher.protocol import Answer, Request, Teacher
from pyx_dataset.traces.render import render


@dataclass(frozen=True, slots=True)
class Room:
    """A teacher, the prompts it is asked with, and the sandboxes that judge what it says."""

    config: BuildConfig
    teacher: Teacher
    prompts: Prompts
    boxes: Boxes

    def request(self, task: str, subject: str, sample: int = 0, **fields: str) -> Request:
        """A request made from the prompt file of `task`."""
        prompt = self.prompts[task]
        return Request(task, subject, prompt.render(**fields), prompt.hash, sample)


def tally_of(task: str, answers: Sequence[Answer], accepted: int) -> Tally:
    """What was asked, what of it was kept, and the tokens it took."""
    return Tally(
        task,
        len(answers),
        accepted,
        sum(answer.tokens_in for answer in answers),
        sum(answer.tokens_out for answer in answers),
    )


def shown(trace: Trace) -> str:
    """What a call did, as a prompt shows it."""
    try:
        return render(trace, "concise")
    except InputError:  # a value that only people read
        return render(trace, "table")
