"""Why a program is wrong, in the words of a language model; whoever asks has to check them."""

from collections.abc import Sequence
from dataclasses import dataclass

from pyx_dataset.classroom.room import Room, shown, tally_of
from pyx_dataset.layout import label_lines
from pyx_dataset.lessons import Tally
from pyx_dataset.schema import Rejected, Trace
from pyx_dataset.teacher.parse import Debugged, Unreadable, read_debugged


@dataclass(frozen=True, slots=True)
class Question:
    """A program that is wrong, and the call that shows it."""

    subject: str
    """What the row will be called."""
    problem: str
    """What the program is for."""
    failed_test: str
    """``assert f(2) == 4``."""
    trace: Trace
    """What the wrong program does in that call."""
    expected: str


def rationales(
    questions: Sequence[Question], room: Room
) -> tuple[list[Debugged | Rejected], Tally]:
    """
    One answer to each question, read but not checked: a rationale and the program put right.

    Raises:
        TeacherError: the teacher cannot be asked; what it has answered is in its cache.
    """
    requests = [
        room.request(
            "debugging", item.subject, problem=item.problem, code=label_lines(item.trace.code),
            failed_test=item.failed_test, trace=shown(item.trace), expected=item.expected,
            found=item.trace.value or item.trace.exception or str(item.trace.outcome),
        )
        for item in questions
    ]  # fmt: skip
    answers = room.teacher.ask(requests)
    found: list[Debugged | Rejected] = []
    for item, answer in zip(questions, answers, strict=True):
        try:
            found.append(read_debugged(answer.text))
        except Unreadable as exc:
            is_none = answer.error or not answer.text.strip()
            reason = "answer_cut" if answer.is_cut else "not_in_layout"
            found.append(
                Rejected(
                    "taught debugging", "no_answer" if is_none else reason, item.subject,
                    answer.error or str(exc),
                )
            )  # fmt: skip
    read = sum(isinstance(item, Debugged) for item in found)
    return found, tally_of("debugging", answers, read)
