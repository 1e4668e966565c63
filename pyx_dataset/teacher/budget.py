"""What the answers of a build cost, and the limits it may not pass."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from pyx_dataset.errors import TeacherError
from pyx_dataset.teacher.protocol import Answer
from pyx_dataset.teacher.settings import TeacherConfig

CHARS_PER_TOKEN = 2.5
"""A careful guess before a server counts: code takes three to four characters a token."""

UNLIMITED_TOKENS = 4096
"""What an answer is expected to take at most where nothing limits it."""


def estimated_tokens(text: str) -> int:
    """At least as many tokens as `text` is likely to be."""
    return int(len(text) / CHARS_PER_TOKEN) + 16


@dataclass(slots=True)
class Budget:
    """
    Totals of one build, answers from the cache included: a build that is resumed has spent
    what it spent before.
    """

    config: TeacherConfig
    sent: int = 0
    """Answers that were asked for now."""
    cached: int = 0
    """Answers that were there."""
    tokens_in: int = 0
    tokens_out: int = 0
    retries: int = 0
    _held: list[float] = field(default_factory=list)
    """The most that each request in flight can cost."""
    _freed: asyncio.Condition = field(default_factory=asyncio.Condition)

    @property
    def cost(self) -> float:
        """Of all answers used so far, in the currency of the prices."""
        return self.price(self.tokens_in, self.tokens_out)

    @asynccontextmanager
    async def held(self, prompt: str) -> AsyncIterator[Callable[[Answer], None]]:
        """
        Set aside the most that an answer to `prompt` can cost; call what this gives with it.

        Waits while only answers in flight stand in the way: most cost less than they might.

        Raises:
            TeacherError: the answer might pass a limit.
        """
        most = self.price(estimated_tokens(prompt), self.config.max_tokens or UNLIMITED_TOKENS)
        async with self._freed:
            await self._freed.wait_for(lambda: not self._held or not self._limit(most))
            if reached := self._limit(most):
                raise TeacherError(f"{reached}; the answers are kept, and the same command with a "
                                   f"higher limit goes on from here")  # fmt: skip
            self._held.append(most)
        try:
            yield self._spent
        finally:
            async with self._freed:
                self._held.remove(most)
                self._freed.notify_all()

    def _limit(self, most: float) -> str:
        """Why one more answer, at a cost of `most`, would pass a limit; empty if it would not."""
        config, used = self.config, self.sent + self.cached + len(self._held)
        if config.max_requests and used >= config.max_requests:
            return f"stopped at {used} answers, as max_requests is {config.max_requests}"
        if config.max_cost and self.cost + sum(self._held) + most > config.max_cost:
            return (
                f"stopped at a cost of {self.cost:.4f}, as the next answer might pass max_cost "
                f"{config.max_cost:g}"
            )
        return ""

    def found(self, answer: Answer) -> None:
        """Count an answer that was paid before."""
        self.cached += 1
        self._count(answer)

    def __str__(self) -> str:
        spent = f", cost {self.cost:.4f}" if self.config.price_in or self.config.price_out else ""
        return (
            f"{self.sent} answers asked for, {self.cached} from the cache, {self.retries} retries; "
            f"{self.tokens_in} tokens in, {self.tokens_out} out{spent}"
        )

    def _spent(self, answer: Answer) -> None:
        self.sent += 1
        self._count(answer)

    def _count(self, answer: Answer) -> None:
        self.tokens_in += answer.tokens_in
        self.tokens_out += answer.tokens_out

    def price(self, tokens_in: int, tokens_out: int) -> float:
        """What so many tokens cost, in the currency of the prices."""
        return (tokens_in * self.config.price_in + tokens_out * self.config.price_out) / 1e6
