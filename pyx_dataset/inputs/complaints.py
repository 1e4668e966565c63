"""What exceptions say of the types that a program wanted."""

import re
from collections.abc import Iterable

from pyx_dataset.inputs.types import CHAR, COUNTS, FLOAT, INT, INTS, STR, Type

_WORDINGS: tuple[tuple[str, Type], ...] = (
    (r"bytes-like object is required|must be bytes", Type("bytes")),
    (r"startswith first arg must be str", Type("bytes")),
    (r"interpreted as an integer|must be (?:an )?int|indices must be integers", INT),
    (r"expected a character|must be a unicode character|string of length 1", CHAR),
    (r"must be real number|must be float", FLOAT),
    (r"must be str|expected str|string or bytes-like|can only concatenate str", STR),
    (r"object is not iterable|has no len|not subscriptable", INTS),
    (r"has no attribute '(?:items|keys|values|get)'|must be a mapping", COUNTS),
    (r"has no attribute '(?:split|strip|lower|upper|replace|startswith|encode|find)'", STR),
    (r"has no attribute '(?:decode|hex)'", Type("bytes")),
)
"""CPython's own words, and what would have been right."""


def types_of_complaints(exceptions: Iterable[str]) -> list[Type]:
    """
    Types that the messages of `exceptions` ask for, those of most messages first.

    >>> types_of_complaints(["TypeError: a bytes-like object is required, not 'str' (line 5)"])
    [Type(kind='bytes', items=())]
    """
    counts: dict[Type, int] = {}
    for text in exceptions:
        for wording, wanted in _WORDINGS:
            if re.search(wording, text):
                counts[wanted] = counts.get(wanted, 0) + 1
    return sorted(counts, key=lambda wanted: -counts[wanted])
