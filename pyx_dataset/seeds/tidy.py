"""The text of one definition as it enters a program: the author's, less what is not code."""

import ast
import io
import re
import tokenize
import warnings
from collections.abc import Iterable, Iterator
from functools import lru_cache

Cut = tuple[int, int, bytes]
"""Start, end and replacement, in bytes of UTF-8 because `ast` counts columns so."""

_COMMENT = re.compile(rb"#[^\n]*")

Def = ast.FunctionDef | ast.AsyncFunctionDef


def parse(text: str) -> ast.Module:
    """Parse without a word about the deprecated escapes that other people's code is full of."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


@lru_cache(maxsize=4096)
def tidy(text: str, annotation_names: frozenset[str]) -> str:
    """
    `text` without docstrings, comments, blank lines and annotations that cannot stand alone.

    An annotation stays if it is made of `annotation_names` only; the description lives in
    `Seed.instruction`, so that a program is short and its line numbers are dense.
    """
    data = text.encode()
    starts = [0]
    for line in data.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    cuts = {*_cuts(parse(text), data, starts, annotation_names), *_comments(text, starts)}
    for start, end, replacement in reversed([*_outermost(cuts)]):
        data = data[:start] + replacement + data[end:]
    return _without_blank_lines(data.decode())


def _outermost(cuts: Iterable[Cut]) -> Iterator[Cut]:
    """Those that lie in no other, in order: a comment may stand inside an annotation."""
    reached = 0
    for cut in sorted(cuts, key=lambda cut: (cut[0], -cut[1])):
        if cut[0] >= reached:
            yield cut
            reached = cut[1]


def _cuts(tree: ast.AST, data: bytes, starts: list[int], names: frozenset[str]) -> Iterator[Cut]:
    def offset(line: int, column: int) -> int:
        return starts[line - 1] + column

    def end(node: ast.expr | ast.stmt | ast.arg) -> int:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return offset(node.end_lineno, node.end_col_offset)

    def closed(start: int, node: ast.expr) -> int:
        """End of an annotation with its own parentheses, which the tree does not hold."""
        before = data[start : offset(node.lineno, node.col_offset)]
        opened = _COMMENT.sub(b"", before).count(b"(")
        last = end(node)
        for _ in range(opened):
            last = data.index(b")", last) + 1
        return last

    for node in ast.walk(tree):
        if isinstance(node, Def | ast.ClassDef):
            for text in filter(_is_text, node.body):
                alone = len(node.body) == 1 or data[end(text) :].lstrip(b" ").startswith(b";")
                yield offset(text.lineno, text.col_offset), end(text), b"pass" if alone else b""
        if isinstance(node, Def):
            if node.returns and not stands_alone(node.returns, names):
                arrow = data.rfind(b"->", 0, offset(node.returns.lineno, node.returns.col_offset))
                yield len(data[:arrow].rstrip()), closed(arrow, node.returns), b""
            for item in ast.walk(node.args):
                if isinstance(item, ast.arg) and item.annotation:
                    if stands_alone(item.annotation, names):
                        continue
                    start = offset(item.lineno, item.col_offset) + len(item.arg.encode())
                    last = closed(start, item.annotation)
                    equals = re.compile(rb"\s*=\s*").match(data, last)
                    yield start, equals.end() if equals else last, b"=" if equals else b""
            yield from (
                (end(item.target), closed(end(item.target), item.annotation), b"")
                if item.value
                else (offset(item.lineno, item.col_offset), end(item), b"pass")
                for item in ast.walk(node)
                if isinstance(item, ast.AnnAssign) and not stands_alone(item.annotation, names)
            )


def _is_text(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def stands_alone(annotation: ast.expr, names: frozenset[str]) -> bool:
    """Whether an annotation is made of `names` only, with nothing quoted in it."""
    used = {node.id for node in ast.walk(annotation) if isinstance(node, ast.Name)}
    quoted = any(
        isinstance(node, ast.Constant) and isinstance(node.value, str)
        for node in ast.walk(annotation)
    )
    return used <= names and (not quoted or "Literal" in used)


def _comments(text: str, starts: list[int]) -> Iterator[Cut]:
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            before = token.line[: token.start[1]]
            start = starts[token.start[0] - 1] + len(before.rstrip().encode())
            yield (
                start,
                start + len((token.line.rstrip("\r\n")[len(before.rstrip()) :]).encode()),
                b"",
            )


def _without_blank_lines(text: str) -> str:
    blank = {
        token.start[0]
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type == tokenize.NL and not token.line.strip()
    }
    lines = enumerate(text.split("\n"), start=1)
    return "\n".join(line for number, line in lines if number not in blank).rstrip()
