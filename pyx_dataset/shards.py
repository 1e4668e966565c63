"""Shards of programs, made in as many processes as asked, each a file complete or absent."""

import ctypes
import gc
import multiprocessing
import os
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from pyx_dataset.config import BuildConfig
from pyx_dataset.errors import SandboxError
from pyx_dataset.program import Boxes, make
from pyx_dataset.records import from_json
from pyx_dataset.schema import Bundle, Program, Rejected
from pyx_dataset.store import dump, load, load_intact


@dataclass(frozen=True, slots=True)
class Shard:
    """What became of one shard's programs."""

    bundles: tuple[Bundle, ...]
    rejected: tuple[Rejected, ...]

    @classmethod
    def read(cls, file: Path) -> Self:
        """Read a finished shard."""
        return from_json(cls, load(file))

    @staticmethod
    def rejected_in(file: Path) -> tuple[Rejected, ...]:
        """Of a finished shard, what was dropped."""
        return from_json(tuple[Rejected, ...], load(file)["rejected"])


def build_shards(
    config: BuildConfig,
    shards: Sequence[Sequence[Program]],
    files: Sequence[Path],
    workers: int,
    require: str,
) -> Iterator[tuple[int, int]]:
    """
    Make every shard whose file is missing; yield (index, programs kept) in order.

    The caller may stop early: shards that were begun are finished, no new one is started.

    Raises:
        SandboxError: a worker process was killed from outside.
    """
    if workers == 1:
        with Boxes(config, require) as boxes:
            for index, (shard, file) in enumerate(zip(shards, files, strict=True)):
                yield index, _shard(config, shard, file, boxes)
        return
    # Fresh interpreters: a fork would copy whatever the caller holds, torch included.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, _open, (config, require, os.getpid())) as pool:
        futures = [
            pool.submit(_shard, config, shard, file)
            for shard, file in zip(shards, files, strict=True)
        ]
        try:
            for index, future in enumerate(futures):
                try:
                    count = future.result()
                except BrokenProcessPool as exc:
                    raise SandboxError(_KILLED.format(index)) from exc
                yield index, count
        finally:
            pool.shutdown(cancel_futures=True)


_KILLED = (
    "a worker process was killed before shard {} was done, by hand or for want of memory; all "
    "finished shards are kept: run the same command again, with fewer --workers if memory is short"
)

_process = ExitStack()
"""Holds the sandboxes of a worker process until it ends."""
_boxes: list[Boxes] = []

_BETWEEN_COLLECTIONS = 100_000
"""Objects made and not yet freed, before the garbage collector looks; by itself at 700."""


def _open(config: BuildConfig, require: str, parent: int) -> None:
    """Start a worker process: it dies with its parent and opens its sandboxes once."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    if os.getppid() != parent:
        os._exit(1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    _boxes.append(_process.enter_context(Boxes(config, require)))


def _shard(
    config: BuildConfig, programs: Sequence[Program], file: Path, boxes: Boxes | None = None
) -> int:
    """Make one shard unless its file is there and undamaged; the number of programs kept."""
    if (done := load_intact(file)) is not None:
        return len(done["bundles"])
    bundles: list[Bundle] = []
    rejected: list[Rejected] = []
    with _few_collections():
        for program in programs:
            bundle, dropped = make(program, config, boxes or _boxes[0])
            rejected += dropped
            if bundle:
                bundles.append(bundle)
        dump(file, asdict(Shard(tuple(bundles), tuple(rejected))))
    return len(bundles)


@contextmanager
def _few_collections() -> Iterator[None]:
    """
    Look for cycles among the objects more rarely than Python does by itself.

    Records are trees, so there are next to none to be found; looking for them takes a tenth of
    the time.
    """
    usual = gc.get_threshold()
    gc.set_threshold(_BETWEEN_COLLECTIONS, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)
