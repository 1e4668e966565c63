"""Known calls of a program by their arguments, and new calls made from them."""

import ast
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from random import Random
from typing import Any

from pyx_dataset.inputs.calls import Call, parse_call, render_call
from pyx_dataset.monologues.properties.known import Known
from pyx_dataset.monologues.run.blocks import outline
from pyx_dataset.monologues.run.literals import Unknown, canonical, parse
from pyx_dataset.monologues.undoing.arguments import proposals
from pyx_dataset.monologues.undoing.guesses import guesses
from pyx_dataset.monologues.undoing.plain import constants, plain_values
from pyx_dataset.schema import Trace

MAX_FRESH = 24
"""Calls proposed to put a property to the test."""


def known_calls(
    code: str,
    entry_point: str,
    runs: Iterable[tuple[str, str | None, str]],
    before: Sequence[Known] = (),
) -> tuple[Known, ...]:
    r"""
    The runs that are plain data: of each the call, its canonical value or None, its exception.

    Behind those known `before`, none of which is given again.

    >>> [call] = known_calls("def f(x, k=2):\n    return x * k\n", "f", [("f(3)", "6", "")])
    >>> sorted(call.arguments.items()), call.value
    ([('k', 2), ('x', 3)], 6)
    """
    names = _Parameters(outline(code).functions[entry_point].args)
    found = {tuple(item.texts.values()): item for item in before}
    for text, value, exception in runs:
        call = parse_call(text)
        bound = names.bind(call) if call else None
        if bound is None:
            continue
        try:
            given = None if value is None else parse(value)
            texts = {name: canonical(item) for name, item in bound.items()}
        except Unknown:
            continue
        item = Known(text, bound, texts, given, value, exception.partition(":")[0])
        found.setdefault(tuple(texts.values()), item)  # one call, however it is written
    return tuple(found.values())


class _Parameters:
    """The parameters of a function."""

    def __init__(self, args: ast.arguments) -> None:
        self.plain = [item.arg for item in (*args.posonlyargs, *args.args)]
        self.many = args.vararg.arg if args.vararg else None
        self.defaults: dict[str, Any] = {}
        named = zip(args.kwonlyargs, args.kw_defaults, strict=True)
        last = self.plain[len(self.plain) - len(args.defaults) :]
        for name, node in [
            *zip(last, args.defaults, strict=True), *((item.arg, node) for item, node in named)
        ]:  # fmt: skip
            try:
                self.defaults[name] = ast.literal_eval(node) if node else None
            except ValueError:
                continue

    def is_default(self, name: str, value: Any) -> bool:
        """Does the parameter have this value if it is not given?"""
        return name in self.defaults and canonical(self.defaults[name]) == canonical(value)

    def bind(self, call: Call) -> dict[str, Any] | None:
        if len(call.args) > len(self.plain) and self.many is None:
            return None
        bound = {**self.defaults, **dict(zip(self.plain, call.args, strict=False)), **call.named}
        if self.many:
            bound[self.many] = call.args[len(self.plain) :]
        return bound


def with_arguments(code: str, entry_point: str, text: str, values: Mapping[str, Any]) -> str | None:
    """The call `text` with other arguments: those of `values`, and plain ones for the rest."""
    parameters = _Parameters(outline(code).functions[entry_point].args)
    call, plain = parse_call(text), parameters.plain
    if call is None or len(call.args) > len(plain):
        return None
    given_names = [*plain[: len(call.args)], *call.named]
    for name in dict.fromkeys([*given_names, *values]):
        if name not in given_names and parameters.is_default(name, values[name]):
            continue
        if name in values:
            call = _with(call, plain, name, values[name])
        else:
            given = call.named[name] if name in call.named else call.args[plain.index(name)]
            call = _with(call, plain, name, _PLAIN.get(type(given), given))
    return render_call(call)


_PLAIN: dict[type, Any] = {int: 0, str: "", list: [], dict: {}, float: 0.0, bool: False}
"""What stands for an argument that does not matter."""


def fresh_calls(code: str, entry_point: str, known: Sequence[Known], rng: Random) -> list[str]:
    """
    Calls that would show whether a result survives being given back, or another order.

    They are neighbours of known ones: an argument replaced by the result, or by its own items
    in another order.
    """
    plain = _Parameters(outline(code).functions[entry_point].args).plain
    seen = {item.call for item in known}
    found: dict[str, None] = {}
    returned = [item for item in known if item.text is not None and len(item.call) <= 160]
    for item in rng.sample(returned, len(returned)):
        call = parse_call(item.call)
        for name, argument in _replacements(item, rng):
            if call and len(found) < MAX_FRESH:
                text = render_call(_with(call, plain, name, argument))
                if text not in seen and len(text) <= 200:
                    found[text] = None
    return list(found)


def _replacements(item: Known, rng: Random) -> Iterator[tuple[str, Any]]:
    for name, argument in item.arguments.items():
        if type(argument) is type(item.value) and item.texts[name] != item.text:
            yield name, item.value
        if isinstance(argument, list) and len(argument) > 1:
            yield name, rng.sample(argument, len(argument))


def _with(call: Call, plain: Sequence[str], name: str, argument: Any) -> Call:
    if name in plain and plain.index(name) < len(call.args):
        args = list(call.args)
        args[plain.index(name)] = argument
        return Call(call.name, tuple(args), call.named)
    return Call(call.name, call.args, {**call.named, name: argument})


def propose(code: str, entry_point: str, trace: Trace, rng: Random) -> list[str]:
    """
    Calls deduced from the value of `trace`, plain where it leaves them free.

    Only the path and the types are those of `trace`. The calls are to be run: where one gives the
    same value, its own trace is the one to tell.
    """
    found = (
        with_arguments(code, entry_point, trace.call, values) for values in proposals(trace, rng)
    )
    return list(dict.fromkeys(call for call in found if call))


def plain_calls(code: str, entry_point: str, traces: Sequence[Trace]) -> list[str]:
    """
    Calls with plain arguments, made of the types of known ones and of the constants of the code.

    They are the inputs that a person would try first, and owe no argument to a known call.
    """
    found: dict[str, None] = {}
    mentioned = constants(outline(code).tree)
    for trace in _shapes(traces):
        pools = {name: plain_values(like, mentioned) for name, like in _likes(trace).items()}
        for values in _varied(pools):
            if len(found) == MAX_PLAIN:
                return list(found)
            if call := with_arguments(code, entry_point, trace.call, values):
                found[call] = None
    return list(found)


def suggested_calls(code: str, entry_point: str, trace: Trace) -> list[str]:
    """Calls that the value of `trace` suggests: an argument close to it, the others plain."""
    found: dict[str, None] = {}
    likes, want = _likes(trace), _value(trace.value)
    plain = {name: plain_values(like)[:3] for name, like in likes.items()}
    rounds = itertools.zip_longest(*([(name, value) for value in guesses(like, want)]
                                     for name, like in likes.items()))  # fmt: skip
    for place, pair in itertools.product(
        range(3 if len(likes) > 1 else 1), itertools.chain(*rounds)
    ):
        if len(found) == MAX_SUGGESTED:
            break
        others = {item: pool[min(place, len(pool) - 1)] for item, pool in plain.items()}
        values = {**others, **dict([pair] if pair else [])}
        if call := with_arguments(code, entry_point, trace.call, values):
            found[call] = None
    return list(found)


def candidates(code: str, entry_point: str, trace: Trace, rng: Random) -> list[str]:
    """Calls that may give the value of `trace`: deduced, suggested by it, or plain."""
    found = [
        *propose(code, entry_point, trace, rng),
        *suggested_calls(code, entry_point, trace),
        *sorted(plain_calls(code, entry_point, [trace]), key=plainness),
    ]
    return list(dict.fromkeys(found))


def plainness(call: str) -> tuple[int, str]:
    """By this, plain calls are in order."""
    return len(call), call


MAX_PLAIN = 60
"""Plain calls of one program."""
MAX_SUGGESTED = 6
"""Calls suggested by one value."""
MAX_SHAPES = 3


def _likes(trace: Trace) -> dict[str, Any]:
    """What the parameters held, for their types."""
    return {item.name: _value(item.value) for item in trace.steps[0].changed}


def _shapes(traces: Sequence[Trace]) -> list[Trace]:
    """Traces whose arguments differ in type."""
    found: dict[str, Trace] = {}
    for trace in traces:
        if trace.steps:
            call = parse_call(trace.call)
            kinds = [type(_value(item.value)).__name__ for item in trace.steps[0].changed]
            found.setdefault(f"{len(call.args) if call else 0} {kinds}", trace)
    return list(found.values())[:MAX_SHAPES]


def _value(text: str | None) -> Any:
    try:
        return None if text is None else parse(text)
    except Unknown:
        return None


def _varied(pools: Mapping[str, list[Any]]) -> Iterator[dict[str, Any]]:
    """One argument after the other runs through its pool, then two of them together."""
    plain = {name: pool[0] for name, pool in pools.items()}
    other = {name: pool[min(1, len(pool) - 1)] for name, pool in pools.items()}
    for base in (plain, other):
        for name, pool in pools.items():
            yield from ({**base, name: value} for value in pool)
    names = list(pools)
    for first, second in itertools.pairwise(names):
        for one in pools[first][:7]:
            yield from ({**other, first: one, second: two} for two in pools[second][:7])
