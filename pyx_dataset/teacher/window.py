"""How many requests may be in flight: more while all goes well, half as many when it does not.

Additive increase, multiplicative decrease, as TCP does it (Jacobson, Congestion Avoidance and
Control, 1988), slow start included. A server that is overloaded need not say so: one that
queues requests only gets slow. So an answer that took long counts as a sign as well.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Window:
    """Room for requests in flight."""

    def __init__(self, most: int, first: int = 4) -> None:
        self.most = most
        self.size = float(min(first, most))
        self.in_flight = 0
        self._is_starting = True
        self._cuts = 0
        self._freed = asyncio.Condition()

    @asynccontextmanager
    async def room(self) -> AsyncIterator[int]:
        """Wait for room and take it; gives the number of cuts so far, for `overloaded`."""
        async with self._freed:
            await self._freed.wait_for(lambda: self.in_flight < int(self.size))
            self.in_flight += 1
        try:
            yield self._cuts
        finally:
            async with self._freed:
                self.in_flight -= 1
                self._freed.notify_all()

    def went_well(self) -> None:
        """An answer came in good time."""
        self.size = min(self.most, self.size + (1.0 if self._is_starting else 1.0 / self.size))

    def overloaded(self, cuts_before: int) -> int:
        """
        The server is slow, or said so; `cuts_before` is what `room` gave.

        Requests that were in flight together bear the same news: it is heard once.
        """
        if cuts_before == self._cuts:
            self._cuts += 1
            self._is_starting = False
            self.size = max(1.0, self.size / 2)
        return self._cuts
