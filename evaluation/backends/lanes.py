"""Several streams of answers at once, each computed in a thread of its own.

One step of a small model is too little work to be shared between cores, and half of it is not
shared at all. PyTorch computes outside Python's lock, so threads that do not wait for each other
use the cores instead.
"""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from threading import Event
from typing import TypeVar

import torch

Item = TypeVar("Item")


def as_they_come(streams: Sequence[Iterable[Item]]) -> Iterator[Item]:
    """
    The items of all `streams`, in as many threads as PyTorch may use here.

    What a stream yields depends on nothing but itself, whatever the number of threads.

    Raises:
        Exception: what a stream raised, once the others are through.
    """
    threads = torch.get_num_threads()
    workers = max(1, min(len(streams), threads))
    found: SimpleQueue[tuple[Item] | None] = SimpleQueue()
    is_unwanted = Event()

    def drain(stream: Iterable[Item]) -> None:
        try:
            for item in stream:
                found.put((item,))
                if is_unwanted.is_set():
                    return
        finally:
            found.put(None)

    with ThreadPoolExecutor(workers, "lane", torch.set_num_threads, (threads // workers,)) as pool:
        try:
            ends = [pool.submit(drain, stream) for stream in streams]
            for _ in streams:
                yield from (item for (item,) in iter(found.get, None))
            for end in ends:
                end.result()
        finally:
            is_unwanted.set()
            torch.set_num_threads(threads)  # of libraries that have one number for all threads
