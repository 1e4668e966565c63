"""Programs that are nearly the same, found by MinHash and confirmed by counting."""

from array import array
from collections.abc import Iterable, Iterator
from zlib import crc32

from rensa import RMinHash, RMinHashLSH

from pyx_dataset.filters.tokens import grams, nameless_tokens

SIMILARITY = 0.7
"""Jaccard similarity of two programs' shingles from which they are near duplicates."""

SHINGLE = 5
"""Tokens of one shingle."""

_BANDS, _ROWS = 26, 5
"""A pair at `SIMILARITY` shares a band in 99 of 100 cases: 1 - (1 - 0.7**5)**26."""


def near_pairs(codes: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """
    Names of near duplicates, each program with earlier ones, from (name, code).

    Names that a program binds do not count, comments and layout neither. What the hashes
    propose is counted exactly, so no pair is below `SIMILARITY`. (Broder 1997; the bands are
    those of Leskovec, Rajaraman and Ullman, *Mining of Massive Datasets*, ch. 3.)
    """
    index = RMinHashLSH(SIMILARITY, _BANDS * _ROWS, _BANDS)
    names: list[str] = []
    # Four bytes a shingle: at 50,000 programs sets of strings would be most of the memory.
    known: list[array[int]] = []
    for name, code in codes:
        shingles = sorted(grams(nameless_tokens(code), SHINGLE))
        sketch = RMinHash(_BANDS * _ROWS, 1)
        sketch.update(shingles)
        own = {crc32(shingle.encode("utf-8", "surrogatepass")) for shingle in shingles}
        for other in sorted(index.query(sketch)):
            if similarity(own, known[other]) >= SIMILARITY:
                yield names[other], name
        index.insert(len(names), sketch)
        names.append(name)
        known.append(array("I", sorted(own)))


def similarity(own: set[int], other: Iterable[int]) -> float:
    """
    Jaccard similarity of two sets.

    >>> similarity({1, 2, 3}, [2, 3, 4])
    0.5
    """
    others = set(other)
    return len(own & others) / len(own | others)
