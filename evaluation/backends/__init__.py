"""Who answers: four back ends behind one small protocol.

``transformers`` runs anything and uses a GPU where there is one. ``ctranslate2`` rounds the
weights to int8 and is the faster one on a CPU where answers are short. ``vllm`` is for many
answers on a GPU, and ``openai`` asks any server that speaks OpenAI's protocol. Rounding and
kernels move scores a little: compare models on one back end, and say which.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from typing import Protocol

from evaluation.prompts import Prompt
from pyx_dataset.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Decoding:
    """How an answer is written."""

    max_new_tokens: int
    temperature: float = 0.0
    """0: greedy."""
    top_p: float = 1.0


@dataclass(frozen=True, slots=True)
class Request:
    """One answer that is wanted."""

    prompt: Prompt
    seed: int
    """Of the draws of a sample, from 0 to 2**31 - 1. It counts for nothing when greedy."""


@dataclass(frozen=True, slots=True)
class Generation:
    """What a model wrote behind one prompt."""

    index: int
    """Which of the requests it answers: answers come in the order they are done."""
    text: str
    """Without the prefill, and cut before the first stop."""
    tokens: int
    is_complete: bool
    """False if the model was still writing when its tokens ran out."""


class Generator(Protocol):
    """A loaded model."""

    def generate(self, requests: Sequence[Request], decoding: Decoding) -> Iterator[Generation]:
        """Answer every request, each answer given as soon as it is there."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where the back end ``openai`` asks."""

    base_url: str
    key: str
    concurrency: int = 8


@dataclass(slots=True)
class Model:
    """A model that is loaded only once there is something to ask it."""

    name: str
    digest: str
    """Of its files; of its name and address where it is behind a server."""
    backend: str
    """With the type it computes in where we choose that: scores depend on it."""
    can_prefill: bool
    """Whether the assistant's turn can be started for it."""
    load: Callable[[], Generator]
    _generator: Generator | None = None

    @property
    def generator(self) -> Generator:
        """The loaded model."""
        if self._generator is None:
            self._generator = self.load()
        return self._generator


PACKAGES = {
    "transformers": "transformers",
    "ctranslate2": "ctranslate2",
    "vllm": "vllm",
    "openai": "openai",
}
"""The back ends, and the package that each needs."""


def find_model(name: str, backend: str, server: Server | None = None) -> Model:
    """
    Look a model up without loading it.

    Raises:
        ConfigError: there is no such back end, it is not installed, or it needs a server.
        InputError: `name` is no model, or the server is down or does not serve it.
    """
    if backend not in PACKAGES:
        raise ConfigError(f"unknown backend {backend!r}; known: {', '.join(PACKAGES)}")
    package = PACKAGES[backend]
    if find_spec(package) is None:
        raise ConfigError(f"backend {backend!r} needs a package: pip install {package}")
    if backend == "openai":
        if server is None:
            raise ConfigError("backend 'openai' needs --base-url, such as http://localhost:8000/v1")
        from evaluation.backends.with_server import find

        return find(name, server)
    # torch and transformers take seconds to import, which graders of saved answers need not pay.
    from evaluation.backends.local import (
        chat_tokenizer,
        computes_in,
        load,
        model_digest,
        model_folder,
    )

    folder = model_folder(name)
    chat_tokenizer(folder, name)  # before anything is asked
    how = f"{backend} {computes_in(backend)}".rstrip()
    return Model(name, model_digest(folder), how, True, partial(load, folder, backend))
