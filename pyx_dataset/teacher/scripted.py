"""Teachers without a server: one that says what it is told to, one that only listens."""

from collections.abc import Callable, Sequence

from pyx_dataset.teacher.budget import estimated_tokens
from pyx_dataset.teacher.protocol import Answer, Request


class Scripted:
    """Answers each request by a function. For tests, and for texts that lie ready."""

    def __init__(self, name: str, answer: Callable[[Request], str]) -> None:
        self.name = name
        self.asked: list[Request] = []
        self._answer = answer

    def ask(self, requests: Sequence[Request]) -> list[Answer]:
        """Answer all, in order."""
        self.asked += requests
        texts = [self._answer(request) for request in requests]
        return [
            Answer(text, estimated_tokens(request.prompt), estimated_tokens(text))
            for request, text in zip(requests, texts, strict=True)
        ]


class Listener:
    """Notes what it is asked and answers nothing: what a dry run has for a teacher."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.asked: list[Request] = []

    def ask(self, requests: Sequence[Request]) -> list[Answer]:
        """No answer to any."""
        self.asked += requests
        return [Answer("", 0, 0)] * len(requests)
