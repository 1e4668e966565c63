"""What went wrong between us and a server, and what follows from it."""

import json
import time
from email.utils import parsedate_to_datetime
from typing import Any

import openai

from pyx_dataset.teacher.protocol import Answer

SAID_CHARS = 300
"""How much of a server's words an error repeats."""
_LONGEST_WAIT_S = 3600.0


class Trouble(Exception):  # noqa: N818  (not an error yet: often the next try goes well)
    """A request that got no answer."""

    def __init__(
        self, said: str, *, passes: bool, is_of_prompt: bool = False, wait_s: float = 0.0
    ) -> None:
        super().__init__(said)
        self.passes = passes
        """The same request may work later."""
        self.is_of_prompt = is_of_prompt
        """From a server that answers others, it says that this prompt will never have one."""
        self.said = said
        self.wait_s = wait_s
        """What the server asked us to wait."""


def trouble_of(exc: openai.OpenAIError) -> Trouble:
    """Sort what the SDK raised."""
    match exc:
        case openai.APITimeoutError():
            return Trouble("no answer in time", passes=True)
        case openai.APIStatusError(status_code=status):
            said = f"status {status}: {_body(exc)}"
            if exc.code == "insufficient_quota":  # a 429, but no time helps
                return Trouble(said, passes=False)
            if status in (408, 409, 425, 429) or status >= 500:
                wait_s = _retry_after(exc.response.headers.get("retry-after"))
                return Trouble(said, passes=True, wait_s=wait_s)
            return Trouble(said, passes=False, is_of_prompt=status in (400, 413, 422))
        case openai.APIConnectionError():
            return Trouble(f"no connection, or one that broke ({_root(exc)})", passes=True)
        case _:
            return Trouble(f"an answer that cannot be read ({_root(exc)})", passes=True)


def read_completion(body: str) -> Answer:
    """
    The answer in the body of a chat completion.

    Raises:
        Trouble: it is no JSON, or holds no answer.
    """
    try:
        data: Any = json.loads(body)
    except ValueError:
        raise Trouble(f"a body that is no JSON: {_short(body)}", passes=True) from None
    match data:
        case {"choices": [{"message": {"content": str() | None as text}} as choice, *_]}:
            usage = data.get("usage") or {}
            return Answer(
                # JSON can hold half a character, which no file can.
                (text or "").encode("utf-8", "replace").decode(),
                _count(usage, "prompt_tokens"),
                _count(usage, "completion_tokens"),
                is_cut=choice.get("finish_reason") == "length",
            )
        case {"choices": []}:
            raise Trouble("an answer without choices", passes=True, is_of_prompt=True)
    raise Trouble(f"a body that is no chat completion: {_short(body)}", passes=True)


def _count(usage: Any, name: str) -> int:
    value = usage.get(name) if isinstance(usage, dict) else None
    return value if isinstance(value, int) else 0


def _retry_after(header: str | None) -> float:
    """Seconds that the header asks to wait: a number, or a date."""
    if not header:
        return 0.0
    try:
        wait_s = float(header)
    except ValueError:
        try:
            wait_s = parsedate_to_datetime(header).timestamp() - time.time()
        except ValueError:
            return 0.0
    return min(max(wait_s, 0.0), _LONGEST_WAIT_S)


def _body(exc: openai.APIStatusError) -> str:
    match exc.body:
        case {"message": str(said)} | {"detail": str(said)} | {"error": str(said)}:
            return _short(said)
    return _short(exc.response.text or "nothing")


def _root(exc: BaseException) -> str:
    """The innermost cause, which names the matter: refused, reset, unknown host."""
    while exc.__cause__ is not None:
        exc = exc.__cause__
    return _short(str(exc) or type(exc).__name__)


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= SAID_CHARS else words[:SAID_CHARS] + " ..."
