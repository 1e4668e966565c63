"""Run untrusted programs in locked processes and get plain data back, in order.

with Sandbox(workers=2) as box:
    for result in box.run([Job("a", "def f(x): return x + 1", ("f(1)",))]):
        print(result.calls[0].value)
"""

import os
import selectors
import warnings
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Literal, Self, TypeVar

from pyx_dataset.config import Limits
from pyx_dataset.errors import ConfigError, SandboxError
from pyx_dataset.sandbox.isolation import LEVELS, Isolation, measure
from pyx_dataset.sandbox.link import Link, Report, WorkerLost
from pyx_dataset.sandbox.results import CallResult, read_result

Kind = Literal["programs", "tests"]
"""What a worker is for. Tests have workers of their own, so no candidate is forked near them."""

Result = TypeVar("Result")
Session = Generator[Link, list[Report], Result]
"""A conversation with workers: it yields the worker it waits for and is sent its answers."""


@dataclass(frozen=True, slots=True)
class Job:
    """A program and the calls to make on it, in this order, in one process."""

    id: str
    code: str
    calls: tuple[str, ...]
    """Call expressions over the program's names, e.g. ``"f(1, [2])"``."""
    trace: bool | Literal["parts"] = False
    """``"parts"`` runs the program rewritten: read `pyx_dataset.sandbox.results.parts_of`."""


@dataclass(frozen=True, slots=True)
class JobResult:
    """What the calls of one job did."""

    id: str
    calls: tuple[CallResult, ...]
    isolation: str
    """``"strong"``, ``"no-files"`` or ``"weak"``."""


class Sandbox:
    """
    Worker processes that run programs nobody has read.

    Args:
        workers: how many programs run at the same time; more than cores is slower.
        limits: what one call may use.
        require: weakest isolation to accept: ``"strong"``, ``"no-files"`` or ``"weak"``.
        hash_seed: of the workers, from 0 to 4294967295; with it changes all that a program
            should not depend on: the order of sets and the seed of `random`.

    Raises:
        SandboxError: this machine gives less than `require`, or no worker can be started.
    """

    def __init__(
        self,
        *,
        workers: int = 1,
        limits: Limits = Limits(),  # noqa: B008  (frozen)
        require: str = "weak",
        hash_seed: int = 0,
    ) -> None:
        if workers < 1:
            raise ConfigError(f"workers must be at least 1, got {workers}")
        if require not in LEVELS:
            raise ConfigError(f"unknown isolation {require!r}; known: {', '.join(LEVELS)}")
        self.workers = workers
        self.limits = limits
        self._require = require
        self._hash_seed = hash_seed
        self._owner = os.getpid()
        self._idle: dict[Kind, list[Link]] = {"programs": [], "tests": []}
        first, self.found = self._start()
        """What was found when the first worker tried every forbidden act."""
        self._idle["programs"].append(first)
        if self.isolation == "weak":
            warnings.warn(f"weak isolation: {self.found.missing()}", stacklevel=2)

    @property
    def isolation(self) -> str:
        """``"strong"``, ``"no-files"`` or ``"weak"``, found by trying what must not work."""
        return self.found.level

    def run(self, jobs: Iterable[Job]) -> Iterator[JobResult]:
        """
        Run `jobs` and yield their results in input order.

        Takes few jobs ahead of what was yielded, so `jobs` may be endless.

        Raises:
            SandboxError: a worker died twice on the same job.
        """
        return self.in_order(self._run_job(job) for job in jobs)

    def in_order(self, sessions: Iterable[Session[Result]]) -> Iterator[Result]:
        """Drive up to `workers` sessions at a time and yield their results in input order."""
        if os.getpid() != self._owner:
            raise SandboxError("this Sandbox belongs to another process; open one in each process")
        return _drive(iter(sessions), self.workers, patience_s=4 * self.limits.wall_s + 60)

    @contextmanager
    def borrow(self, kind: Kind) -> Iterator[Link]:
        """A worker for one session; it goes back when the session ends well, else it is ended."""
        try:
            link = self._idle[kind].pop()
        except IndexError:
            link, _ = self._start()
        try:
            yield link
        except BaseException:
            link.stop()
            raise
        self._idle[kind].append(link)

    def close(self) -> None:
        """End all workers."""
        for links in self._idle.values():
            while links:
                links.pop().stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _start(self) -> tuple[Link, Isolation]:
        link = Link(self.limits, self._hash_seed)
        try:
            found = measure(link)
        except WorkerLost as exc:
            link.stop()
            raise SandboxError(f"the worker died while it was being tested: {exc}") from exc
        if LEVELS.index(found.level) > LEVELS.index(self._require):
            link.stop()
            raise SandboxError(
                f"required isolation {self._require}, found {found.level}: {found.missing()}"
            )
        return link, found

    def _run_job(self, job: Job) -> Session[JobResult]:
        return (yield from retried(f"job {job.id}", lambda: self._attempt(job)))

    def _attempt(self, job: Job) -> Session[JobResult]:
        calls: list[CallResult] = []
        with self.borrow("programs") as link:
            link.send({"op": "run", "code": job.code, "calls": job.calls, "trace": job.trace})
            while len(calls) < len(job.calls):
                calls += [read_result(report, self.limits) for report in (yield link)]
        return JobResult(job.id, tuple(calls), self.isolation)


def retried(what: str, attempt: Callable[[], Session[Result]]) -> Session[Result]:
    """Try a session again if its worker dies; twice is no accident."""
    try:
        return (yield from attempt())
    except WorkerLost:
        pass
    try:
        return (yield from attempt())
    except WorkerLost as exc:
        raise SandboxError(f"a worker died twice on {what}: {exc}") from exc


def _drive(sessions: Iterator[Session[Result]], width: int, patience_s: float) -> Iterator[Result]:
    """Keep `width` sessions going; at most four times as many are ahead of what was yielded."""
    waiting = selectors.DefaultSelector()
    order: deque[Session[Result]] = deque()
    done: dict[Session[Result], Result] = {}

    def step(session: Session[Result], reports: list[Report] | WorkerLost | None) -> None:
        try:
            if reports is None:
                link = next(session)
            elif isinstance(reports, WorkerLost):
                link = session.throw(reports)
            else:
                link = session.send(reports)
        except StopIteration as end:
            done[session] = end.value
        else:
            waiting.register(link, selectors.EVENT_READ, session)

    try:
        while True:
            while len(waiting.get_map()) < width and len(order) < 4 * width:
                session = next(sessions, None)
                if session is None:
                    break
                order.append(session)
                step(session, None)
            if not order:
                return
            while order and order[0] in done:
                yield done.pop(order.popleft())
            if waiting.get_map():
                for key, reports in _answers(waiting, patience_s):
                    waiting.unregister(key.fileobj)
                    step(key.data, reports)
    finally:
        waiting.close()
        for session in order:
            session.close()


def _answers(
    waiting: selectors.BaseSelector, patience_s: float
) -> Iterator[tuple[selectors.SelectorKey, list[Report] | WorkerLost]]:
    """The next answers; workers that say nothing for so long count as lost."""
    ready = waiting.select(patience_s)
    if not ready:
        for key in list(waiting.get_map().values()):
            yield key, WorkerLost(f"no answer for {patience_s:.0f} s")
    for key, _ in ready:
        link: Link = key.fileobj  # type: ignore[assignment]  # what `step` registered
        try:
            yield key, link.reports()
        except WorkerLost as exc:
            yield key, exc
