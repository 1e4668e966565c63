"""What a docstring says: prose for the instruction, doctests for the examples."""

import ast
import doctest
import inspect
import re
from collections.abc import Callable

from pyx_dataset.schema import Example

MAX_INSTRUCTION_CHARS = 600

_SECTION = re.compile(
    r"^\s*(args|arguments|parameters|params|returns?|raises|yields|examples?|usage|notes?|warnings?"
    r"|see also|references?|todo|complexity|attributes|doctests?|tests?|example usage|time|space"
    r"|keyword arguments|kwargs|input|output|time complexity|space complexity)\b[^.:]{0,20}(:|$)",
    re.IGNORECASE,
)
_FIELD = re.compile(r"^\s*(:\w+|@\w+|\.\. |>>>|\.\.\. |[-=~]{3,}\s*$|https?://\S+\s*$)")


def instruction_of(docstring: str | None) -> str:
    """
    The description in a docstring: its first paragraphs, up to the first table or example.

    >>> instruction_of('''Add two numbers.
    ...
    ... Args:
    ...     a: one of them
    ... ''')
    'Add two numbers.'
    """
    paragraphs: list[str] = []
    for paragraph in re.split(r"\n\s*\n", inspect.cleandoc(docstring or "")):
        lines = []
        for line in paragraph.splitlines():
            if _SECTION.match(line) or _FIELD.match(line):
                break
            lines.append(line.strip())
        text = re.sub(r"\s*(\be\.g\.|[Ff]or example|[Ee]xamples?)?\s*::?$", ".", " ".join(lines))
        if len("\n\n".join([*paragraphs, text])) > MAX_INSTRUCTION_CHARS:
            break
        if text.strip(". "):
            paragraphs.append(" ".join(text.split()))
        if len(lines) < len(paragraph.splitlines()):
            break
    return "\n\n".join(paragraphs)


def examples_of(docstring: str | None, entry_point: str) -> tuple[Example, ...]:
    r"""
    The doctests of the form ``>>> f(1, [2])``, names bound to literals before them filled in.

    An example that raises, prints or shows an abbreviated result documents no value, so it
    is left out; so is one that reuses a name, for the call before it may have changed it.

    >>> examples_of(">>> xs = [2]\n>>> f(xs, k=1)\n3", "f")
    (Example(call='f([2], k=1)', value='3'),)
    """
    return _examples(docstring, lambda node: node, entry_point)


def listed_examples(docstring: str | None, name: str, entry_point: str) -> tuple[Example, ...]:
    r"""
    The doctests of the form ``>>> list(f(1, [2]))`` as calls of `entry_point`.

    >>> listed_examples(">>> list(f(3))\n[0, 1, 2]", "f", "list_f")
    (Example(call='list_f(3)', value='[0, 1, 2]'),)
    """

    def inner(node: ast.expr) -> ast.expr:
        match node:
            case ast.Call(func=ast.Name(id="list"), args=[ast.Call(func=ast.Name(id=called))]) if (
                called == name
            ):
                call = node.args[0]
                assert isinstance(call, ast.Call)
                return ast.Call(ast.Name(entry_point), call.args, call.keywords)
        return node

    return _examples(docstring, inner, entry_point)


def _examples(
    docstring: str | None, inner: Callable[[ast.expr], ast.expr], entry_point: str
) -> tuple[Example, ...]:
    try:
        found = doctest.DocTestParser().get_examples(inspect.cleandoc(docstring or ""))
    except ValueError:
        return ()
    known: dict[str, ast.expr] = {}
    examples: dict[str, Example] = {}
    for item in found:
        try:
            (node,) = ast.parse(item.source).body
        except (SyntaxError, ValueError):
            continue
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            known[node.targets[0].id] = node.value
        elif isinstance(node, ast.Expr) and item.exc_msg is None:
            example = _example(inner(_Fill(known).visit(node.value)), item.want, entry_point)
            if example:
                examples.setdefault(example.call, example)
    return tuple(examples.values())


class _Fill(ast.NodeTransformer):
    """Puts the value of a known name in its place, once."""

    def __init__(self, known: dict[str, ast.expr]) -> None:
        self.known = known

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.known.pop(node.id, node)


def _example(node: ast.expr, want: str, entry_point: str) -> Example | None:
    match node:
        case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]) if want == "True\n":
            call, value = left, literal(right)
        case _:
            call, value = node, _literal_text(want)
    match call:
        case ast.Call(func=ast.Name(id=name), args=args, keywords=keywords) if (
            name == entry_point and all(item.arg for item in keywords)
        ):
            arguments = [*args, *(item.value for item in keywords)]
        case _:
            return None
    if value is None and (want.strip() or node is not call):
        return None
    if any(literal(item) is None for item in arguments):
        return None
    return Example(call=ast.unparse(call), value=value)


def _literal_text(text: str) -> str | None:
    try:
        return literal(ast.parse(text.strip(), mode="eval").body)
    except (SyntaxError, ValueError):
        return None


def literal(node: ast.expr) -> str | None:
    """Canonical text of a literal; None for anything else, ``...`` included."""
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None
    if any(isinstance(item, ast.Constant) and item.value is ... for item in ast.walk(node)):
        return None
    return ast.unparse(node)
