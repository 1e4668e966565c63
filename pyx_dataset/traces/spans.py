"""Where an expression stands in the text of a program."""

import ast
from typing import NamedTuple


class Span(NamedTuple):
    """Line (from 1), characters before it in that line, and the text itself."""

    line: int
    column: int
    text: str


class Spans:
    """Finds expressions of one program."""

    def __init__(self, source: str) -> None:
        self.is_quoted = False
        """
        Looking inside an f-string, where CPython's positions are not to be trusted: before 3.12
        they can be off by as much as a line.
        """
        # `ast` counts bytes, and only these ends of lines.
        text = source.replace("\r\n", "\n").replace("\r", "\n")
        self._lines = text.encode().split(b"\n")

    def of(self, node: ast.expr | ast.arg) -> Span | None:
        """The place of `node`, or None where its position cannot be right."""
        if node.end_lineno is None or node.end_col_offset is None:
            return None
        first, last = node.lineno, node.end_lineno
        lines = self._lines[first - 1 : last]
        lines[-1] = lines[-1][: node.end_col_offset]
        before, lines[0] = lines[0][: node.col_offset], lines[0][node.col_offset :]
        try:
            span = Span(first, len(before.decode()), b"\n".join(lines).decode())
        except UnicodeDecodeError:
            return None
        return span if not self.is_quoted or _says(span.text, node) else None


def _says(text: str, node: ast.AST) -> bool:
    try:
        return ast.dump(ast.parse(f"({text}\n)", mode="eval").body) == ast.dump(node)
    except (SyntaxError, ValueError):
        return False
