"""Lift a function out of its module together with everything it needs, as one program."""

import ast
import builtins
import graphlib
import symtable
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from pyx_dataset.seeds.modules import Import, Library, Module
from pyx_dataset.seeds.qualified import Ambiguous, neighbours, unqualify
from pyx_dataset.seeds.tidy import tidy

PURE_MODULES = frozenset((
    "__future__", "abc", "array", "base64", "binascii", "bisect", "cmath", "collections",
    "collections.abc", "colorsys", "copy", "dataclasses", "decimal", "difflib", "enum",
    "fractions", "functools", "graphlib", "hashlib", "heapq", "html", "html.entities", "itertools",
    "json", "keyword", "math", "numbers", "operator", "re", "reprlib", "statistics", "string",
    "struct", "textwrap", "types", "typing", "unicodedata", "urllib.parse", "warnings", "zlib",
))  # fmt: skip
"""Standard library modules whose functions depend on their arguments alone."""

PURE_ATTRIBUTES = {
    "contextlib": frozenset({"suppress", "nullcontext"}),
    "datetime": frozenset({"timedelta"}),
    "sys": frozenset({"maxsize", "float_info", "maxunicode", "byteorder"}),
}
"""Modules of which only these names depend on nothing outside."""

TYPE_MODULES = frozenset({"typing", "collections.abc"})

WORLD_BUILTINS = frozenset((
    "open", "input", "eval", "exec", "compile", "__import__", "globals", "locals", "vars", "id",
    "hash", "breakpoint", "exit", "quit", "help", "copyright", "credits", "license", "memoryview",
    "__build_class__", "__loader__", "__spec__", "__name__", "__doc__", "__package__", "__debug__",
))  # fmt: skip
"""Builtins that reach outside the program or whose result changes from run to run."""

BUILTINS = frozenset(dir(builtins)) - WORLD_BUILTINS


class TooLong(Exception):  # noqa: N818  (as below)
    """The program would have more lines than allowed; the message says how many at least."""


class NotSelfContained(Exception):  # noqa: N818  (a finding, not a failure)
    """The function needs something that a program of its own cannot have; the message says what."""


@dataclass(frozen=True, slots=True)
class _Closure:
    """What was found so far; `owner` keeps two meanings of one name out of one program."""

    max_lines: int
    seen: set[tuple[str, str]] = field(default_factory=set)
    texts: dict[tuple[str, int], str] = field(default_factory=dict)
    modules: dict[str, set[str]] = field(default_factory=dict)
    owner: dict[str, str] = field(default_factory=dict)
    plain_imports: set[str] = field(default_factory=set)
    from_imports: dict[str, set[str]] = field(default_factory=dict)

    def claim(self, name: str, origin: str) -> None:
        if self.owner.setdefault(name, origin) != origin:
            raise NotSelfContained(f"{name} means both {self.owner[name]} and {origin}")

    def check_length(self, more: int = 0) -> None:
        lines = more + sum(text.count("\n") + 1 for text in self.texts.values())
        if lines > self.max_lines:
            raise TooLong(f"at least {lines} lines")


def lift(name: str, module: Module, library: Library, max_lines: int) -> str:
    """
    The program that defines `name`: its transitive closure, in order of definition.

    Raises:
        NotSelfContained: something it needs is neither plain Python nor in `library`.
        TooLong: the definitions have more than `max_lines` lines.
    """
    found = _Closure(max_lines)
    waiting = [(name, module)]
    while waiting:
        waiting += _add(*waiting.pop(), library, found)
    try:
        # Sorted, because a set's order is that of hashes, and the sorter follows it.
        needs = {name: sorted(others) for name, others in found.modules.items()}
        order = [*graphlib.TopologicalSorter(needs).static_order()]
        keys = sorted(found.texts, key=lambda key: (order.index(key[0]), key[1]))
    except graphlib.CycleError:
        # Functions find each other in any order, so they come last. A constant that needs one
        # does not find it, and then the program does not load, which the build sees.
        keys = sorted(found.texts, key=lambda key: (found.texts[key].startswith("def "), key))
    return _program(_import_lines(found), [found.texts[key] for key in keys])


def _add(
    name: str, module: Module, library: Library, found: _Closure
) -> Iterator[tuple[str, Module]]:
    """Take in one name of `module`; yield the names that it needs in turn."""
    if (name, module.name) in found.seen:
        return
    found.seen.add((name, module.name))
    node = module.definitions.get(name)
    if node is None:
        yield from _add_outside(name, module, library, found)
        return
    found.claim(name, f"{module.name} line {node.lineno}")
    key = (module.name, node.lineno)
    if key in found.texts:
        return
    found.modules.setdefault(module.name, set())
    # Tidying is most of the work, and many definitions are far too long already.
    found.check_length(_least_lines(node))
    text = tidy(statement_text(node, module), _annotation_names(module))
    try:
        text, elsewhere = unqualify(text, neighbours(module, library))
    except Ambiguous as exc:
        raise NotSelfContained(str(exc)) from None
    found.texts[key] = text
    found.check_length()
    found.modules[module.name] |= {other.name for other in elsewhere.values()} - {module.name}
    yield from ((needed, elsewhere.get(needed, module)) for needed in sorted(_free_names(text)))


def _least_lines(node: ast.stmt) -> int:
    """Lines that hold the start of a statement: never more than the tidied text has."""
    return len(
        {
            item.lineno
            for item in ast.walk(node)
            if isinstance(item, ast.stmt) and not isinstance(item, ast.Expr)
        }
    )


def _add_outside(
    name: str, module: Module, library: Library, found: _Closure
) -> Iterator[tuple[str, Module]]:
    item = module.imports.get(name)
    if item is None:
        if name not in BUILTINS:
            raise NotSelfContained(name)
        found.claim(name, "a builtin")
    elif item.module in library and item.attribute and not _is_pure(item):
        other = library[item.module]
        if name != item.attribute:
            raise NotSelfContained(f"{item.attribute} of {item.module}, imported as {name}")
        found.modules.setdefault(module.name, set()).add(other.name)
        yield name, other
    elif _is_pure(item):
        _add_import(name, item, found)
    else:
        raise NotSelfContained(f"{name} of {item.module}" if item.attribute else item.module)


def _is_pure(item: Import) -> bool:
    allowed = PURE_ATTRIBUTES.get(item.module, frozenset())
    return item.module in PURE_MODULES or item.attribute in allowed


def _add_import(name: str, item: Import, found: _Closure) -> None:
    target = item.attribute or item.module
    alias = target if target == name else f"{target} as {name}"
    found.claim(name, f"{item.module}.{item.attribute}" if item.attribute else item.module)
    if item.attribute:
        found.from_imports.setdefault(item.module, set()).add(alias)
    else:
        found.plain_imports.add(alias)


def _annotation_names(module: Module) -> frozenset[str]:
    types = (name for name in BUILTINS if name not in module.definitions)
    return frozenset(types) | {
        name
        for name, item in module.imports.items()
        if item.module in TYPE_MODULES and name not in module.definitions
    }


def statement_text(node: ast.stmt, module: Module) -> str:
    """The lines of a top-level statement, decorators included."""
    decorators = node.decorator_list if isinstance(node, ast.FunctionDef | ast.ClassDef) else []
    first = min([node.lineno, *(item.lineno for item in decorators)])
    return "\n".join(module.text.split("\n")[first - 1 : node.end_lineno])


@lru_cache(maxsize=4096)
def _free_names(text: str) -> frozenset[str]:
    """Names that a top-level statement takes from its module or from builtins."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return frozenset(_globals_of(symtable.symtable(text, "<definition>", "exec")))


def _globals_of(table: symtable.SymbolTable) -> Iterator[str]:
    for symbol in table.get_symbols():
        at_top = table.get_type() == "module"
        if symbol.is_declared_global() and not at_top:
            raise NotSelfContained(f"global {symbol.get_name()}")
        if symbol.is_referenced() and (at_top or symbol.is_global()):
            yield symbol.get_name()
    for child in table.get_children():
        yield from _globals_of(child)


def _import_lines(found: _Closure) -> list[str]:
    return [
        *(f"import {name}" for name in sorted(found.plain_imports)),
        *(
            f"from {module} import {', '.join(sorted(names))}"
            for module, names in sorted(found.from_imports.items())
        ),
    ]


def _is_block(text: str) -> bool:
    return text.startswith(("def ", "class ", "@"))


def _program(imports: list[str], texts: list[str]) -> str:
    """Join with the blank lines of PEP 8: two around a definition, none among constants."""
    code, was_block = "\n".join(imports), False
    for position, text in enumerate(texts):
        is_block = _is_block(text)
        between = "\n\n" if position == 0 else "\n"
        gap = "\n\n\n" if is_block or was_block else between
        code += gap + text if code else text
        was_block = is_block
    return code + "\n"
