"""Read what a model answered. Nothing here runs it.

An output is read as one literal. An input is read as arguments: literals, and the few
expressions with which CRUXEval's own inputs make values (``dict(a=1)``, ``'a-b'.split('-')``,
a lambda to be called by the program). They are evaluated in the sandbox with the call.
"""

import ast
import re

from pyx_dataset.layout import ANSWER_CLOSE, ANSWER_OPEN
from pyx_dataset.traces.values import is_plain

MAX_ANSWER_CHARS = 100_000
"""A longer answer is not read."""

_MAKERS = frozenset(
    ("bytes", "dict", "float", "frozenset", "int", "list", "range", "set", "str", "tuple")
)
"""Builtins that an input may call; all they do is make a value of plain data."""
_PARTS = (
    ast.Constant, ast.List, ast.Tuple, ast.Set, ast.Dict, ast.UnaryOp, ast.BinOp, ast.Compare,
    ast.Subscript, ast.Slice, ast.Lambda, ast.Call, ast.Attribute, ast.Name, ast.keyword,
    ast.arguments, ast.arg, ast.expr_context, ast.operator, ast.unaryop, ast.cmpop,
)  # fmt: skip
"""What an input may be made of."""


def read_answer(text: str) -> str:
    r"""
    What stands in the last ``[ANSWER]`` block, or all of `text` where there is none.

    >>> read_answer("It is two. [ANSWER]\nassert f(1) == 2\n[/ANSWER]")
    'assert f(1) == 2'
    """
    if ANSWER_OPEN in text:
        text = text.rpartition(ANSWER_OPEN)[2]
    return text.partition(ANSWER_CLOSE)[0].strip()


def read_code(text: str) -> str:
    """The first fenced block of a reply that is Python, or the whole reply where none is fenced."""
    fenced = re.search(r"```(?:python|py)?[ \t]*\n(.*?)(?:\n```|\Z)", text, re.DOTALL)
    return fenced.group(1) if fenced else text


def statement(text: str) -> ast.expr:
    """The expression of the first answer in `text`; an assertion counts as what it asserts."""
    if len(text) > MAX_ANSWER_CHARS:
        raise ValueError(f"answer longer than {MAX_ANSWER_CHARS} characters")
    for attempt in (text, text.partition("\n")[0]):
        try:
            body = ast.parse(attempt.strip()).body
        except (SyntaxError, ValueError, MemoryError, RecursionError):
            continue
        if len(body) == 1 and isinstance(body[0], ast.Assert):
            return body[0].test
        if len(body) == 1 and isinstance(body[0], ast.Expr):
            return body[0].value
    raise ValueError("no single expression or assertion")


def unparse(node: ast.expr) -> str:
    """Source of `node`; ValueError where it is nested too deeply."""
    try:
        return ast.unparse(node)
    except RecursionError as exc:
        raise ValueError("nested too deeply") from exc


def proposed_call(code: str, answer: str, entry_point: str | None = None) -> str:
    """
    The call that `answer` proposes: ``assert f(1) == 2``, ``f(1)`` or only the arguments.

    Args:
        code: The program.
        answer: The model's text, with or without answer tags.
        entry_point: None: ``f`` where the code defines it, else its last function.

    Raises:
        ValueError: it proposes none, or arguments that are more than values.
    """
    program = ast.parse(code)
    functions = [node.name for node in program.body if isinstance(node, ast.FunctionDef)]
    name = entry_point or ("f" if "f" in functions or not functions else functions[-1])
    text = read_answer(answer)
    if not text:
        raise ValueError("an empty answer")
    try:
        node: ast.expr | None = statement(text)
        if isinstance(node, ast.Compare):
            node = node.left
    except ValueError:
        node = None
    if not _is_call_of(name, node):
        node = statement(f"{name}({text}\n)")  # a new line, as the answer may end in a comment
    if not (isinstance(node, ast.Call) and _is_call_of(name, node)):
        raise ValueError(f"not a call of {name}")
    constants = {
        target.id
        for item in program.body
        if isinstance(item, ast.Assign)
        for target in item.targets
        if isinstance(target, ast.Name)
    }
    for argument in [*node.args, *(keyword.value for keyword in node.keywords)]:
        if not is_plain(unparse(argument)) and not _is_value(argument, constants):
            raise ValueError(f"{unparse(argument)[:80]} is more than a value")
    return unparse(node)


def _is_call_of(name: str, node: ast.expr | None) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name


def _is_value(node: ast.expr, constants: set[str]) -> bool:
    """Whether `node` only makes a value; `constants` are names that the program assigns."""
    parts = list(ast.walk(node))
    own = {part.arg for part in parts if isinstance(part, ast.arg)}
    for part in parts:
        match part:
            case ast.Call(func=ast.Name(id=name)) if name not in _MAKERS:
                return False
            case ast.Call(func=ast.Name() | ast.Attribute()):
                pass
            case ast.Call():
                return False
            case ast.Attribute(attr=name) if name.startswith(("_", "format")):
                return False
            case ast.Name(id=name) if name not in _MAKERS | own | constants:
                return False
            case _ if not isinstance(part, _PARTS):
                return False
    return True
