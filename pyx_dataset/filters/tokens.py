"""Code as a row of tokens, for comparing programs whatever their layout."""

import ast
import io
import tokenize
from collections.abc import Iterator

_LAYOUT = frozenset({
    tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT,
    tokenize.ENDMARKER,
})  # fmt: skip


def code_tokens(code: str) -> list[str]:
    r"""
    The tokens of `code` without comments, layout and docstrings.

    Raises:
        SyntaxError: `code` is no Python.

    >>> code_tokens('def f(x):\n    "Doc."\n    return x  # why\n')
    ['def', 'f', '(', 'x', ')', ':', 'return', 'x']
    """
    try:
        return [*_tokens(code)]
    except tokenize.TokenError as exc:
        raise SyntaxError(str(exc)) from exc


def nameless_tokens(code: str) -> list[str]:
    r"""
    The same, with one sign for every name that `code` itself binds: a renamed copy is equal.

    >>> nameless_tokens("def f(x):\n    return len(x)\n")
    ['def', '_', '(', '_', ')', ':', 'return', 'len', '(', '_', ')']
    """
    own = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            own.add(node.id)
        elif isinstance(node, ast.arg):
            own.add(node.arg)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            own.add(node.name)
    return ["_" if token in own else token for token in code_tokens(code)]


def grams(tokens: list[str], n: int) -> set[str]:
    """Every `n` tokens in a row; all of them where there are fewer."""
    return {" ".join(tokens[i : i + n]) for i in range(max(1, len(tokens) - n + 1))}


def _tokens(code: str) -> Iterator[str]:
    begins = True
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        if token.type in _LAYOUT:
            begins = begins or token.type == tokenize.NEWLINE
        elif not (begins and token.type == tokenize.STRING):
            begins = False
            yield token.string
