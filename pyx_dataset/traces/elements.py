"""Which elements of a container changed, beside the full values that a trace holds."""

from collections.abc import Iterator

from pyx_dataset.schema import Change, Step
from pyx_dataset.traces.replay import DELETED
from pyx_dataset.traces.values import canonical, parse

_MAX_CHARS = 10_000_000


def element_changes(steps: tuple[Step, ...]) -> Iterator[tuple[Change, ...]]:
    """
    For each step, the changes of it that are changes inside a container, element by element.

    Only where that says less than the full value. Each is an assignment, or with ``<deleted>``
    a ``del``, that takes the old value to the new one: ``dp[2][3]`` and ``7``; ``xs[3:]`` and
    ``[7]`` for what was appended; ``d['k']`` and ``<deleted>``.
    """
    running: list[dict[str, str]] = []
    for step in steps:
        if step.event == "call":
            running.append({})
        known = running[-1]
        found: list[Change] = []
        for change in step.changed:
            if change.name in known and step.event != "call":
                inside = elements(change.name, known[change.name], change.value)
                size = sum(len(item.name) + len(item.value) for item in inside)
                if size < len(change.name) + len(change.value):
                    found += inside
            known[change.name] = change.value
        yield tuple(found)
        if step.event in ("return", "exception"):
            running.pop()


def elements(name: str, old: str, new: str) -> tuple[Change, ...]:
    """
    What takes the variable `name` from `old` to `new`, both canonical; whole if nothing less does.

    >>> [(c.name, c.value) for c in elements("dp", "[[0, 0], [0]]", "[[0, 7], [0, 1]]")]
    [('dp[0][1]', '7'), ('dp[1][1:]', '[1]')]
    """
    if DELETED in (old, new):
        return (Change(name, new),)
    try:
        return tuple(_between(name, parse(old), parse(new)))
    except ValueError:  # not plain data
        return (Change(name, new),)


def _between(path: str, old: object, new: object) -> Iterator[Change]:
    match old, new:
        case list(), list():
            least = min(len(old), len(new))
            for index in range(least):
                yield from _between(f"{path}[{index}]", old[index], new[index])
            if len(old) != len(new):
                yield Change(f"{path}[{least}:]", _text(new[least:]))
        case dict(), dict() if _keeps_order(old, new):
            for key in old:
                if key not in new:
                    yield Change(f"{path}[{_text(key)}]", DELETED)
            for key in new:
                if key not in old:
                    yield Change(f"{path}[{_text(key)}]", _text(new[key]))
                else:
                    yield from _between(f"{path}[{_text(key)}]", old[key], new[key])
        case tuple(), tuple() if _same_but_inside(old, new):
            for index, (one, other) in enumerate(zip(old, new, strict=True)):
                yield from _between(f"{path}[{index}]", one, other)
        case _ if _text(old) != _text(new):
            yield Change(path, _text(new))


def _keeps_order(old: dict[object, object], new: dict[object, object]) -> bool:
    """Whether deleting and adding at the end, with keys of the same types, gives the new order."""
    kept = [_text(key) for key in old if key in new]
    return [_text(key) for key in new][: len(kept)] == kept


def _same_but_inside(old: tuple[object, ...], new: tuple[object, ...]) -> bool:
    """A tuple changes only by what a list or dict in it becomes."""
    return len(old) == len(new) and all(
        _text(one) == _text(other) or (type(one) is type(other) and type(one) in (list, dict))
        for one, other in zip(old, new, strict=True)
    )


def _text(value: object) -> str:
    return canonical(value, _MAX_CHARS)
