"""Messages over a pipe: one kind byte, a length, and that many bytes.

Nothing read here is ever unpickled, and no length is believed beyond its cap. `read` and `write`
are taken from `os` once, because a program may replace them there.
"""

import builtins
import struct
from os import read as _read
from os import write as _write

globals()["__builtins__"] = dict(vars(builtins))  # as in `program`

HEADER = struct.Struct(">BI")

ANSWER, SPENT, ASK = range(3)
"""Kinds: an answer; an answer after which the process is of no more use; a question back."""

FRAME_CAP = 64 * 1024 * 1024
"""Bytes of the largest message that is accepted."""


def pack(kind: int, payload: bytes) -> bytes:
    """One message, ready to be written."""
    return HEADER.pack(kind, len(payload)) + payload


def write(fd: int, kind: int, payload: bytes) -> None:
    """Write one message, all of it."""
    view = memoryview(pack(kind, payload))
    while view:
        view = view[_write(fd, view) :]


def read(fd: int, cap: int = FRAME_CAP) -> tuple[int, bytes]:
    """
    Read one message: its kind and its bytes.

    Raises:
        EOFError: the other side is gone.
        ValueError: the message is longer than `cap` bytes.
    """
    kind, length = HEADER.unpack(_exactly(fd, HEADER.size))
    if length > cap:
        raise ValueError(f"a message of {length} bytes; at most {cap} are accepted")
    return kind, _exactly(fd, length)


def _exactly(fd: int, count: int) -> bytes:
    parts = []
    while count:
        part = _read(fd, min(count, 1 << 20))
        if not part:
            raise EOFError("the other side closed the pipe")
        parts.append(part)
        count -= len(part)
    return b"".join(parts)
