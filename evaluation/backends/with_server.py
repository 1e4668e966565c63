"""A model behind any server that speaks OpenAI's protocol: vLLM, TGI, llama.cpp, hosted ones."""

import hashlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Any

import openai

from evaluation.backends import Decoding, Generation, Model, Request, Server
from pyx_dataset.errors import InputError

ATTEMPTS = 6
"""Tries of one request. The SDK waits between them, longer each time, with jitter, and heeds
``Retry-After``."""
TIMEOUT_S = 600.0


def find(name: str, server: Server) -> Model:
    """
    The model `name`, once the server has said that it is there.

    Raises:
        InputError: nothing answers at the address, or the model is not served.
    """
    served: list[str] = []
    try:
        with _client(server, retries=0) as client:
            served = _served(client)
            if name not in served:
                # An alias, or a server whose list leaves out what it serves: one token tells.
                hello: Any = [{"role": "user", "content": "Hi"}]
                client.chat.completions.create(model=name, messages=hello, max_tokens=1)
    except openai.APIStatusError as exc:
        listed = f"; it serves {', '.join(served)}" if served else ""
        said = _short(exc.message)
        raise InputError(f"{server.base_url} does not serve {name!r} ({said}){listed}") from exc
    except openai.OpenAIError as exc:
        raise InputError(f"no server answers at {server.base_url} ({_root(exc)})") from exc
    digest = hashlib.blake2b(f"{server.base_url} {name}".encode(), digest_size=8).hexdigest()
    return Model(name, digest, "openai", False, lambda: ServerGenerator(server, name))


def _client(server: Server, retries: int) -> openai.OpenAI:
    return openai.OpenAI(
        base_url=server.base_url,
        api_key=server.key or "none",
        max_retries=retries,
        timeout=TIMEOUT_S,
    )


def _served(client: openai.OpenAI) -> list[str]:
    """The models that the server lists; none where it has no list."""
    try:
        return [item.id for item in client.models.list()]
    except (openai.APIStatusError, AttributeError, TypeError):
        return []


class ServerGenerator:
    """Chat completions, several at a time."""

    def __init__(self, server: Server, model: str) -> None:
        self._server = server
        self._model = model

    def generate(self, requests: Sequence[Request], decoding: Decoding) -> Iterator[Generation]:
        """
        Answer every request, each answer given as soon as it is there.

        Raises:
            InputError: the server gives up on us. What had come before was given.
        """
        pool = ThreadPoolExecutor(self._server.concurrency)
        with _client(self._server, retries=ATTEMPTS - 1) as client:
            asked = [
                pool.submit(self._ask, client, index, request, decoding)
                for index, request in enumerate(requests)
            ]
            try:
                for answer in as_completed(asked):
                    yield answer.result()
            except openai.OpenAIError as exc:
                raise InputError(
                    f"{self._server.base_url} gave no answer in {ATTEMPTS} tries ({_root(exc)}); "
                    f"answers so far are kept, and the same command goes on"
                ) from exc
            finally:
                pool.shutdown(cancel_futures=True)

    def _ask(
        self, client: openai.OpenAI, index: int, request: Request, decoding: Decoding
    ) -> Generation:
        messages: Any = request.prompt.messages
        response = client.chat.completions.create(
            model=self._model,
            messages=messages,
            max_tokens=decoding.max_new_tokens,
            temperature=decoding.temperature,
            top_p=decoding.top_p,
            stop=list(request.prompt.stops) or openai.omit,
            seed=request.seed if decoding.temperature else openai.omit,
        )
        choice = response.choices[0]
        # JSON can hold half a character, which no file can.
        text = (choice.message.content or "").encode("utf-8", "replace").decode()
        # Not every server heeds every stop.
        for stop in request.prompt.stops:
            text = text.partition(stop)[0]
        tokens = response.usage.completion_tokens if response.usage else 0
        return Generation(index, text, tokens, choice.finish_reason != "length")


def _root(exc: BaseException) -> str:
    """The innermost cause, which names the matter: refused, reset, unknown host."""
    while exc.__cause__ is not None:
        exc = exc.__cause__
    return _short(str(exc) or type(exc).__name__)


def _short(text: str) -> str:
    return " ".join(text.split())[:300]
