"""What can hold between the result of a call and its arguments: the candidates for properties.

Each test answers True, False, or None where the question makes no sense, e.g. the length of a
number. A weight says how much a reader learns from it: that a list is sorted is news, that it is
not longer than the input is little.
"""

import itertools
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pyx_dataset.monologues.run.literals import Unknown, canonical

Test = Callable[[Any, Any], bool | None]


@dataclass(frozen=True, slots=True)
class Relation:
    """A statement about a result, or about a result and one argument."""

    words: str
    """``{p}`` stands for the parameter, in backticks."""
    test: Test
    """Gets the result and the argument; of a statement about the result alone, it twice."""
    weight: int
    group: str
    """Of several statements of a group only the one with the most weight is made."""
    is_alone: bool = False


def _texts(items: Sequence[Any]) -> list[str]:
    return [canonical(item) for item in items]


def _sizes(test: Callable[[int, int], bool]) -> Test:
    def compare(result: Any, given: Any) -> bool | None:
        is_text = isinstance(result, str), isinstance(given, str)
        if isinstance(result, _SIZED) and isinstance(given, _SIZED) and is_text[0] is is_text[1]:
            return test(len(result), len(given))
        return None

    return compare


def _numbers(test: Callable[[Any, Any], bool]) -> Test:
    def compare(result: Any, given: Any) -> bool | None:
        return test(result, given) if _is_number(result) and _is_number(given) else None

    return compare


def _rows(test: Callable[[Any, Any], bool]) -> Test:
    """Of two values of one type that have an order: two texts, two lists, two tuples."""

    def compare(result: Any, given: Any) -> bool | None:
        if type(result) is type(given) and isinstance(result, str | list | tuple):
            return test(result, given)
        return None

    return compare


def _items(test: Callable[[list[str], list[str]], bool]) -> Test:
    """Of the items of two containers, by their canonical texts."""

    def compare(result: Any, given: Any) -> bool | None:
        if isinstance(result, dict) and not isinstance(given, dict):
            return None
        if isinstance(result, _BAGS) and isinstance(given, (*_BAGS, str)):
            return test(_texts(list(result)), _texts(list(given)))
        if isinstance(result, str) and isinstance(given, str):
            return test(list(result), list(given))
        return None

    return compare


def _text(test: Callable[[str], bool]) -> Test:
    def compare(result: Any, _: Any) -> bool | None:
        return test(result) if isinstance(result, str) else None

    return compare


def _of_int(test: Callable[[Any, int], bool | None]) -> Test:
    def compare(result: Any, given: Any) -> bool | None:
        return test(result, given) if type(given) is int else None

    return compare


_SIZED = (str, list, tuple, dict, set, frozenset, bytes)
_BAGS = (list, tuple, set, frozenset, dict)


def _is_number(value: Any) -> bool:
    return type(value) in (int, float)


def _is_stretch(result: Any, given: Any) -> bool:
    if isinstance(result, str):
        return result in given
    size = len(result)
    return any(given[i : i + size] == result for i in range(len(given) - size + 1))


def _keeps_order(result: list[str], given: list[str]) -> bool:
    rest = iter(given)
    return all(item in rest for item in result)


def _joined(result: Any, given: Any) -> bool | None:
    """The pieces of the result, one behind the other."""
    if not isinstance(result, list | tuple) or not isinstance(given, str | list | tuple):
        return None
    if isinstance(given, str):
        texts = [item for item in result if isinstance(item, str)]
        return "".join(texts) == given if len(texts) == len(result) else None
    if not all(isinstance(item, list | tuple) for item in result):
        return None
    return _texts([part for item in result for part in item]) == _texts(given)


def _keys(result: Any, given: Any) -> bool | None:
    if not isinstance(result, dict) or not isinstance(given, list | tuple | str):
        return None
    return set(_texts(list(result))) <= set(_texts(list(given)))


def _member(result: Any, given: Any) -> bool | None:
    if not isinstance(given, _BAGS) or isinstance(result, bool):
        return None
    return canonical(result) in _texts(list(given))


def _is_sorted(result: Any, _: Any) -> bool | None:
    if not isinstance(result, list | tuple):
        return None
    return all(left <= right for left, right in itertools.pairwise(result))


def _is_distinct(result: Any, _: Any) -> bool | None:
    if not isinstance(result, list | tuple | str):
        return None
    return len(set(_texts(result))) == len(result)


def _totals(result: Any, given: Any) -> bool | None:
    both = [result, given]
    if all(isinstance(x, list | tuple) and all(_is_number(i) for i in x) for x in both):
        return bool(sum(result) == sum(given))
    return None


def _piece_sizes(result: Any, most: int) -> bool | None:
    if isinstance(result, list | tuple) and all(isinstance(item, _SIZED) for item in result):
        return all(len(item) <= most for item in result)
    return None


def _size_is(result: Any, given: int) -> bool | None:
    return len(result) == given if isinstance(result, _SIZED) else None


def _size_most(result: Any, given: int) -> bool | None:
    return len(result) <= max(given, 0) if isinstance(result, _SIZED) else None


def _avoids(result: Any, given: Any) -> bool | None:
    if isinstance(result, str) and isinstance(given, str) and given:
        return given not in result
    if isinstance(result, _BAGS) and not isinstance(given, _BAGS):
        return canonical(given) not in _texts(list(result))
    return None


RELATIONS: dict[str, Relation] = {
    "mirror": Relation("the result is {p} from back to front",
                       _rows(lambda r, g: r == g[::-1]), 9, "items"),
    "joined": Relation("the pieces of the result, one behind the other, make {p}",
                       _joined, 9, "items"),
    "shuffle": Relation("the result holds the same items as {p}, each as often",
                        _items(lambda r, g: Counter(r) == Counter(g)), 8, "items"),
    "starts": Relation("the result is the beginning of {p}",
                       _rows(lambda r, g: g[: len(r)] == r), 8, "items"),
    "ends": Relation("the result is the end of {p}",
                     _rows(lambda r, g: g[len(g) - len(r):] == r if len(r) <= len(g) else False),
                     8, "items"),
    "extends": Relation("the result starts with the whole of {p}",
                        _rows(lambda r, g: r[: len(g)] == g), 7, "items"),
    "appended": Relation("the result ends in the whole of {p}",
                         _rows(lambda r, g: r[len(r) - len(g):] == g
                               if len(r) >= len(g) else False), 7, "items"),
    "stretch": Relation("the result is one unbroken piece of {p}",
                        _rows(_is_stretch), 7, "items"),
    "holds": Relation("the result holds {p} as one unbroken piece",
                      _rows(lambda r, g: _is_stretch(g, r)), 6, "items"),
    "sifted": Relation("the result leaves out some of {p} at most, and keeps the order of the rest",
                       _items(_keeps_order), 6, "items"),
    "taken": Relation("every item of the result comes from {p}, none more often than there",
                      _items(lambda r, g: not Counter(r) - Counter(g)), 5, "items"),
    "among": Relation("nothing is in the result that is not in {p}",
                      _items(lambda r, g: set(r) <= set(g)), 4, "items"),
    "keys": Relation("the keys of the result come from {p}", _keys, 5, "items"),
    "covers": Relation("whatever is in {p} is in the result",
                       _items(lambda r, g: set(g) <= set(r)), 4, "items"),
    "letters": Relation("apart from upper and lower case the result is {p}",
                        _rows(lambda r, g: isinstance(r, str) and r.lower() == g.lower()),
                        8, "items"),
    "spacing": Relation("apart from white space the result is {p}",
                        _rows(lambda r, g: isinstance(r, str)
                              and "".join(r.split()) == "".join(g.split())), 8, "items"),
    "member": Relation("the result is one of the items of {p}", _member, 7, "items"),
    "as_long": Relation("the result is exactly as long as {p}",
                        _sizes(lambda r, g: r == g), 6, "length"),
    "one_longer": Relation("the result is longer than {p} by one",
                           _sizes(lambda r, g: r == g + 1), 7, "length"),
    "one_shorter": Relation("the result is shorter than {p} by one",
                            _sizes(lambda r, g: r == g - 1), 7, "length"),
    "shorter": Relation("the result is never longer than {p}",
                        _sizes(lambda r, g: r <= g), 3, "length"),
    "longer": Relation("the result is never shorter than {p}",
                       _sizes(lambda r, g: r >= g), 3, "length"),
    "size": Relation("the length of the result is {p}", _of_int(_size_is), 8, "length"),
    "size_most": Relation("the result has at most {p} items", _of_int(_size_most), 6, "length"),
    "pieces": Relation("no piece of the result is longer than {p}", _of_int(_piece_sizes),
                       8, "length"),
    "total": Relation("the sum of the result is the sum of {p}", _totals, 7, "value"),
    "least": Relation("the result is never below {p}", _numbers(lambda r, g: r >= g), 4, "value"),
    "most": Relation("the result is never above {p}", _numbers(lambda r, g: r <= g), 4, "value"),
    "multiple": Relation("the result is a multiple of {p}",
                         _numbers(lambda r, g: g != 0 and r % g == 0), 6, "value"),
    "divides": Relation("the result divides {p}",
                        _numbers(lambda r, g: r != 0 and g % r == 0), 6, "value"),
    "within": Relation("the result is at most the length of {p}",
                       lambda r, g: r <= len(g) if _is_number(r) and isinstance(g, _SIZED)
                       else None, 4, "value"),
    "avoids": Relation("{p} does not occur in the result", _avoids, 6, "content"),
    "sorted": Relation("the items of the result never fall from left to right",
                       _is_sorted, 7, "order", is_alone=True),
    "distinct": Relation("nothing occurs twice in the result",
                         _is_distinct, 6, "repeats", is_alone=True),
    "positive": Relation("the result is above zero",
                         _numbers(lambda r, _: r > 0), 4, "value", is_alone=True),
    "natural": Relation("the result is never negative",
                        _numbers(lambda r, _: r >= 0), 3, "value", is_alone=True),
    "lower": Relation("there is no upper-case letter in the result",
                      _text(lambda r: r == r.lower()), 6, "content", is_alone=True),
    "upper": Relation("there is no lower-case letter in the result",
                      _text(lambda r: r == r.upper()), 6, "content", is_alone=True),
    "dense": Relation("there is no white space in the result",
                      _text(lambda r: not any(c.isspace() for c in r)), 6, "content",
                      is_alone=True),
    "trimmed": Relation("the result neither starts nor ends with white space",
                        _text(lambda r: r == r.strip()), 5, "content", is_alone=True),
}  # fmt: skip
"""By name. Order matters little: the weight decides, and within a group the first of the best."""


def holds(relation: Relation, result: Any, given: Any) -> bool | None:
    """What the relation says of one call; None also where the comparison itself fails."""
    try:
        verdict = relation.test(result, given)
    except (TypeError, ValueError, OverflowError, Unknown):
        return None
    return None if verdict is None else bool(verdict)
