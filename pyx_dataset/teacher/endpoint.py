"""A teacher behind any server that speaks OpenAI's protocol: vLLM, TGI, llama.cpp, hosted ones.

One process asks; it holds every limit for all. Each answer is in the cache before the next step,
so a killed build loses what was in flight and nothing that had come back.
"""

import asyncio
import json
import time
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import openai
import tenacity
from aiolimiter import AsyncLimiter

from pyx_dataset.errors import ConfigError, PyxError, TeacherError
from pyx_dataset.teacher.budget import Budget, estimated_tokens
from pyx_dataset.teacher.cache import Answers
from pyx_dataset.teacher.protocol import Answer, Request
from pyx_dataset.teacher.settings import TeacherConfig
from pyx_dataset.teacher.trouble import Trouble, read_completion, trouble_of
from pyx_dataset.teacher.window import Window

_BACK_OFF = tenacity.wait_random_exponential(multiplier=0.5, max=60)
_SLOW_SHARE = 0.5
"""An answer that takes more than this share of its time limit counts as a sign of overload."""


class Endpoint:
    """A model on a server."""

    def __init__(
        self, config: TeacherConfig, answers: Path, environment: Mapping[str, str]
    ) -> None:
        """
        Prepare to ask; nothing is sent before `open`.

        Args:
            config: Whom to ask, and within which limits.
            answers: The file that keeps every answer.
            environment: Where the key is, under ``config.key_env``.

        Raises:
            ConfigError: no server or no model is named, or the key is not there.
        """
        for name in ("base_url", "model"):
            if not getattr(config, name):
                raise ConfigError(f"the teacher endpoint needs teacher.{name}")
        place = urlsplit(config.base_url)
        if place.scheme not in ("http", "https") or not place.hostname:
            raise ConfigError(f"teacher.base_url must be http://HOST/v1 or https, got {place.path}")
        if place.username or place.password or place.query:
            raise ConfigError(
                f"teacher.base_url for {place.hostname} holds a user, a password or a query; put "
                f"the key into an environment variable and name it in teacher.key_env"
            )
        if config.key_env and not environment.get(config.key_env):
            raise ConfigError(
                f"teacher.key_env names the environment variable {config.key_env}, "
                f"which is not set or empty"
            )
        self.name = config.called
        self.budget = Budget(config)
        self.window = Window(config.concurrency)
        self._config = config
        self._answers = Answers(answers)
        self._key = environment[config.key_env] if config.key_env else ""
        self._client = openai.AsyncOpenAI(
            base_url=config.base_url, api_key=self._key or "none", max_retries=0,
            timeout=config.timeout_s,
        )  # fmt: skip
        self._runner = asyncio.Runner()
        self._requests = AsyncLimiter(config.rpm, 60) if config.rpm else None
        self._tokens = AsyncLimiter(config.tpm, 60) if config.tpm else None
        self._stop: PyxError | None = None

    def __enter__(self) -> Self:
        """
        Make sure that the server is there and serves the model, at the price of one token at most.

        Not where the model has answered before: then the cache may have all that is asked for.

        Raises:
            TeacherError: it is not, or does not.
        """
        try:
            if not self._answers.knows(self._config.model):
                self._runner.run(self._look())
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._runner.run(self._client.close())
        self._runner.close()
        self._answers.__exit__(kind, error, traceback)

    def ask(self, requests: Sequence[Request]) -> list[Answer]:
        """
        Answer all `requests` in their order, from the cache where it has the answer.

        Raises:
            TeacherError: the server gives up on us, or a limit of the budget is reached. What
                was in flight then is waited for and kept.
        """
        return self._runner.run(self._ask(requests))

    async def _look(self) -> None:
        model = self._config.model
        try:
            served = [item.id async for item in await self._client.models.list()]
        except openai.APIStatusError as exc:
            if exc.status_code in (401, 403):
                raise self._error(trouble_of(exc).said) from None
            served = []  # a server need not have a list
        except openai.OpenAIError as exc:
            raise self._error(trouble_of(exc).said) from None
        except (AttributeError, TypeError):
            served = []  # what came is no list of models
        if model in served:
            return
        # An alias, or a server whose list leaves out what it serves: one token tells.
        try:
            await self._client.chat.completions.create(
                model=model, messages=[{"role": "user", "content": "Hi"}], max_tokens=1
            )
        except openai.OpenAIError as exc:
            listed = f"; it serves {', '.join(served)}" if served else ""
            raise self._error(f"{trouble_of(exc).said}{listed}") from None

    async def _ask(self, requests: Sequence[Request]) -> list[Answer]:
        self._stop = None
        keys = [self._key_of(request) for request in requests]
        tasks: dict[str, asyncio.Task[Answer | None]] = {}
        async with asyncio.TaskGroup() as group:
            for key, request in zip(keys, requests, strict=True):
                if key not in tasks:
                    tasks[key] = group.create_task(self._one(key, request))
        if self._stop:
            raise self._stop
        found = [tasks[key].result() for key in keys]
        return [answer for answer in found if answer is not None]

    async def _one(self, key: str, request: Request) -> Answer | None:
        """The answer to one request; None once asking has been stopped."""
        if answer := self._answers.get(key):
            self.budget.found(answer)
            return answer
        async with self.window.room() as cuts:
            if self._stop:
                return None
            answer = None
            try:
                async with self.budget.held(request.prompt) as spent:
                    answer = await self._persistently(request, cuts)
                    self._answers.put(key, self._config.model, request.task, answer)
                    spent(answer)
            except Trouble as trouble:
                self._stop = self._error(trouble.said)
            except PyxError as exc:  # a limit, or a full disk
                self._stop = exc
        return answer

    async def _persistently(self, request: Request, cuts: int) -> Answer:
        """Send until there is an answer, or none can be had."""

        def wait(state: tenacity.RetryCallState) -> float:
            nonlocal cuts
            cuts = self.window.overloaded(cuts)
            self.budget.retries += 1
            trouble = state.outcome.exception() if state.outcome else None
            asked = trouble.wait_s if isinstance(trouble, Trouble) else 0.0
            return asked + _BACK_OFF(state)

        send = tenacity.AsyncRetrying(
            retry=tenacity.retry_if_exception(
                lambda exc: isinstance(exc, Trouble) and exc.passes and not self._stop
            ),
            stop=tenacity.stop_after_attempt(self._config.attempts),
            wait=wait,
            reraise=True,
        )
        try:
            return await send(self._send, request, cuts)
        except Trouble as trouble:
            if trouble.is_of_prompt and self.budget.tokens_out:  # it has answered others
                return Answer("", 0, 0, error=self._without_key(trouble.said))
            raise

    async def _send(self, request: Request, cuts: int) -> Answer:
        config = self._config
        if self._requests:
            await self._requests.acquire()
        if self._tokens:
            tokens = estimated_tokens(request.prompt) + config.max_tokens
            await self._tokens.acquire(min(tokens, config.tpm))
        limit = {"max_tokens": config.max_tokens} if config.max_tokens else {}
        started = time.monotonic()
        try:
            response = await self._client.chat.completions.with_raw_response.create(
                model=config.model,
                messages=[{"role": "user", "content": request.prompt}],
                temperature=config.temperature,
                extra_body={**limit, **config.further()},
            )
            answer = read_completion(response.text)
        except openai.OpenAIError as exc:
            raise trouble_of(exc) from None
        if time.monotonic() - started > _SLOW_SHARE * config.timeout_s:
            self.window.overloaded(cuts)
        else:
            self.window.went_well()
        return Answer(
            self._without_key(answer.text),
            answer.tokens_in or estimated_tokens(request.prompt),
            answer.tokens_out or estimated_tokens(answer.text),
            answer.is_cut,
        )

    def _key_of(self, request: Request) -> str:
        """Model, rendered prompt, sampling and number of the sample."""
        config = self._config
        parts = (config.model, request.prompt, request.sample, config.temperature,
                 config.max_tokens, config.further())  # fmt: skip
        return blake2b(json.dumps(parts, sort_keys=True).encode(), digest_size=20).hexdigest()

    def _error(self, said: str) -> TeacherError:
        return TeacherError(
            f"the teacher at {self._config.base_url}, model {self._config.model}: "
            f"{self._without_key(said)}; answers so far are kept, and the same command goes on"
        )

    def _without_key(self, text: str) -> str:
        """What servers say back may hold the key that they were sent."""
        return text.replace(self._key, "[key]") if self._key else text
