"""One function while it is being written: its names, its parameters and its randomness."""

import builtins
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random
from textwrap import dedent
from typing import Self, TypeVar

from pyx_dataset.config import Procedural

T = TypeVar("T")

ITEM_NAMES = {
    "int": ("number", "value", "item", "x"),
    "str": ("word", "text", "entry", "item"),
    "list[int]": ("row", "group", "values"),
    "tuple[str, int]": ("pair", "entry"),
    "tuple[int, int]": ("pair", "couple"),
}
PARAMETERS = {
    "int": ("n", "number", "value"),
    "str": ("text", "line", "message", "sentence"),
    "list[int]": ("numbers", "values", "scores", "readings", "prices", "levels", "amounts"),
    "list[str]": ("words", "names", "tokens", "labels", "entries", "tags"),
    "dict[str, int]": ("stock", "scores", "ages", "prices", "votes"),
    "list[tuple[str, int]]": ("orders", "sales", "records", "entries"),
    "list[list[int]]": ("grid", "rows", "matrix", "table"),
}
"""What a parameter of a type is called."""


@dataclass(frozen=True, slots=True)
class Value:
    """Something that the next step can use."""

    code: str
    """A name."""
    type: str
    """As an annotation writes it."""
    noun: str
    """What the description calls it."""

    def __str__(self) -> str:
        return self.code

    @property
    def item_type(self) -> str:
        """What the members of a list or set are; of a string, strings."""
        return self.type.partition("[")[2].removesuffix("]") or self.type


@dataclass(frozen=True, slots=True)
class Made:
    """What one idiom wrote."""

    block: str
    """Statements, may be empty."""
    expr: str
    """Where the result is: a name that `block` binds, or an expression to be used once."""
    type: str
    clause: str
    """What is done, in the imperative."""
    noun: str
    """What the result is."""
    tag: str
    """The result in a function's name: ``running_totals``."""
    wish: tuple[str, ...] = ("result", "answer", "outcome")
    """What to call the result where it needs a name; a single one is the draft's already."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of the function, with what a caller would give."""

    name: str
    type: str
    low: int = 0
    high: int = 0
    """Bounds of an integer parameter; both 0 where any will do."""


@dataclass(slots=True)
class Program:
    """What the functions of one program share."""

    functions: list[str] = field(default_factory=list)
    """Helpers that are finished, in the order in which they must stand."""
    imports: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Draft:
    """The function being written."""

    rng: Random
    knobs: Procedural
    program: Program = field(default_factory=Program)
    names: set[str] = field(default_factory=set)
    parameters: list[Parameter] = field(default_factory=list)
    depth: int = 0
    """0 for the program's entry point, 1 for a helper of it."""
    is_fixed: bool = False
    """Whether no more parameters can be had: a function that calls itself has what it has."""

    def helper(self) -> Self:
        """The draft of a function that this one will call."""
        return type(self)(self.rng, self.knobs, self.program, depth=self.depth + 1)

    def fixed(self) -> Self:
        """The same function, but numbers are constants from here on."""
        return replace(self, is_fixed=True)

    def chance(self, share: float) -> bool:
        """True in `share` of all cases."""
        return self.rng.random() < share

    def one_of(self, *options: T) -> T:
        """Any of `options`."""
        return self.rng.choice(options)

    def name(self, *wishes: str) -> str:
        """A name that is still free, one of `wishes` if any is."""
        free = [wish for wish in wishes if not self._is_taken(wish)]
        name = self.rng.choice(free[:3]) if free else self._numbered(wishes[0])
        self.names.add(name)
        return name

    def _is_taken(self, name: str) -> bool:
        return name in self.names or name in self.program.names or hasattr(builtins, name)

    def _numbered(self, stem: str) -> str:
        return next(
            name
            for stem in (f"other_{stem}", f"new_{stem}", f"next_{stem}", f"last_{stem}", stem)
            for name in (stem, *(f"{stem}_{number}" for number in range(2, 9)))
            if not self._is_taken(name)
        )

    def item(self, x: Value) -> str:
        """A name for a member of `x`."""
        if x.type == "str":
            return self.name("char", "letter", "symbol")
        single = x.code[:-1] if x.code.endswith("s") and len(x.code) > 3 else ""
        single = x.code[:-3] + "y" if x.code.endswith("ies") else single
        known = ITEM_NAMES.get(x.item_type, ("item", "element"))
        return self.name(single) if single and not self._is_taken(single) else self.name(*known)

    def constant(self, low: int, high: int) -> int:
        """An integer within both the bounds and `Procedural.value`."""
        high = max(low, min(high, self.knobs.value))
        return self.rng.randint(low, high)

    def trips(self, low: int = 2) -> int:
        """How often a loop may run at most."""
        return self.rng.randint(low, max(low, self.knobs.loop_trips))

    def number(self, low: int, high: int, *names: str) -> tuple[str, str]:
        """A constant or, now and then, a parameter for it: its code and its words."""
        if not self.is_fixed and len(self.parameters) < 3 and self.chance(0.3):
            name = self.name(*names)
            high = max(low, min(high, self.knobs.value))
            self.parameters.append(Parameter(name, "int", low, high))
            return name, f"`{name}`"
        value = str(self.constant(low, high))
        return value, value

    def parameter(self, type_: str, low: int = 0, high: int = 0, *names: str) -> Value:
        """One more parameter."""
        name = self.name(*(names or PARAMETERS[type_]))
        self.parameters.append(Parameter(name, type_, low, high))
        return Value(name, type_, f"`{name}`")


Idiom = Callable[[Draft, Value], Made]


def block(text: str, **parts: str) -> str:
    r"""
    Statements from an indented text; ``<name>`` alone on a line becomes the lines of a part.

    >>> print(block('''
    ...     if x:
    ...         <body>
    ... ''', body="y = 1\nz = 2"))
    if x:
        y = 1
        z = 2
    """
    lines = []
    for line in dedent(text).splitlines():
        hole = re.fullmatch(r"( *)<(\w+)>", line)
        inside = parts[hole[2]].splitlines() if hole else [line]
        lines += [f"{hole[1]}{each}" for each in inside] if hole else inside
    return "\n".join(line for line in lines if line.strip())


def of(thing: str, x: Value) -> str:
    """``its digit sum`` of an item, else ``the digit sum of the number``."""
    return f"its {thing}" if x.noun == "it" else f"the {thing} of {x.noun}"


def quoted(text: str) -> str:
    """A string as code writes it, in double quotes."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
