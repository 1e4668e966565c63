"""What is asked of a teacher and what it answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Request:
    """One prompt, to be answered once."""

    task: str
    """The prompt file that it was made from."""
    subject: str
    """What is asked about: the id of an execution or a program, a snippet's number."""
    prompt: str
    """The user's turn, rendered."""
    prompt_hash: str
    """Of the prompt file."""
    sample: int = 0
    """Which answer to the same prompt: another number, another answer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    text: str
    tokens_in: int
    tokens_out: int
    is_cut: bool = False
    """The model was still writing when its tokens ran out."""
    error: str = ""
    """Why the server gives no answer to this prompt, in its words."""


class Teacher(Protocol):
    """Somebody who answers prompts."""

    name: str
    """As the rows call it."""

    def ask(self, requests: Sequence[Request]) -> list[Answer]:
        """
        Answer all `requests`, in their order.

        Raises:
            TeacherError: it cannot be asked, or may not be asked any more. No answer that was
                given before is lost.
        """
