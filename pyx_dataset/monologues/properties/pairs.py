"""Statements about pairs of calls: order of items, influence of a parameter, feeding back."""

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from pyx_dataset.monologues.claims import in_backticks as code
from pyx_dataset.monologues.properties.known import Known
from pyx_dataset.monologues.properties.statement import Found, Statement
from pyx_dataset.monologues.run.literals import canonical

MAX_PAIRS = 300
"""Pairs of calls that one statement is held against."""

_Pair = tuple[Known, Known]


def across(name: str) -> Iterator[Statement]:
    """Statements about pairs of calls that differ only in the argument `name`."""
    one, alike = code(name), "pairs of known calls that differ only in it"
    fed = "pairs of known calls that do so"
    yield Statement(f"the order of {one} does not matter", "pairs of known calls that differ in "
                    "nothing else", 8, "order of items", name,
                    _test(name, _reordered, _is_same, least=4))  # fmt: skip
    yield Statement(f"{one} has no influence on the result", alike, 9, "effect", name,
                    _test(name, _alike, _is_same, least=10))  # fmt: skip
    yield Statement(f"a larger {one} never gives a smaller result", alike, 7, "effect", name,
                    _test(name, _rising, _is_no_smaller, least=4))  # fmt: skip
    yield Statement(f"a larger {one} never gives a larger result", alike, 7, "effect", name,
                    _test(name, _rising, lambda a, b: _is_no_smaller(b, a), least=4))  # fmt: skip
    yield Statement(f"feeding the result back as {one} changes nothing more", fed, 8, "feeding",
                    name, _test(name, _fed, _is_same, least=4))  # fmt: skip
    yield Statement(f"feeding the result back as {one} gives the first {one} again", fed, 9,
                    "feeding", name,
                    _test(name, _fed, lambda a, b: b.text == a.texts[name], least=4))  # fmt: skip


def _test(
    name: str,
    find: Callable[[str, Sequence[Known]], Iterator[_Pair]],
    claim: Callable[[Known, Known], bool],
    least: int,
) -> Callable[[Sequence[Known]], Found]:
    def test(known: Sequence[Known]) -> Found:
        calls = [item for item in known if item.text is not None and name in item.texts]
        pairs = list(itertools.islice(find(name, calls), MAX_PAIRS))
        holds = len(pairs) >= least and all(claim(*pair) for pair in pairs)
        texts = {item.text for pair in pairs for item in pair}
        # Results that are one of the other arguments are handed through: of them no more follows.
        own = [left for left, _ in pairs if left.text not in _others(name, left)]
        return Found(holds, len(pairs), holds and len(texts) >= 3 and 2 * len(own) > len(pairs))

    return test


def _others(name: str, item: Known) -> list[str]:
    return [text for key, text in item.texts.items() if key != name]


def _groups(name: str, calls: Sequence[Known]) -> list[list[Known]]:
    """Calls whose arguments other than `name` agree."""
    groups: defaultdict[tuple[str, ...], list[Known]] = defaultdict(list)
    for item in calls:
        groups[tuple(_others(name, item))].append(item)
    return list(groups.values())


def _alike(name: str, calls: Sequence[Known]) -> Iterator[_Pair]:
    for group in _groups(name, calls):
        yield from itertools.combinations(group, 2)


def _rising(name: str, calls: Sequence[Known]) -> Iterator[_Pair]:
    for group in _groups(name, calls):
        numbers = [item for item in group if type(item.arguments[name]) in (int, float)]
        numbers.sort(key=lambda item: float(item.arguments[name]))
        for left, right in itertools.combinations(numbers, 2):
            if left.arguments[name] < right.arguments[name]:
                yield left, right


def _reordered(name: str, calls: Sequence[Known]) -> Iterator[_Pair]:
    for group in _groups(name, calls):
        bags: defaultdict[tuple[str, ...], list[Known]] = defaultdict(list)
        for item in group:
            if isinstance(value := item.arguments[name], list):
                bags[tuple(sorted(map(canonical, value)))].append(item)
        for bag in bags.values():
            yield from itertools.combinations(bag, 2)


def _fed(name: str, calls: Sequence[Known]) -> Iterator[_Pair]:
    """The second call takes the result of the first, which was not its own argument."""
    for group in _groups(name, calls):
        by_argument = {item.texts[name]: item for item in group}
        for first in group:
            second = by_argument.get(first.text or "")
            if second is not None and second is not first:
                yield first, second


def _is_same(left: Known, right: Known) -> bool:
    return left.text == right.text


def _is_no_smaller(left: Known, right: Known) -> bool:
    both = left.value, right.value
    return all(type(value) in (int, float) for value in both) and bool(both[0] <= both[1])
