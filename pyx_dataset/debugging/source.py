"""A program parsed once, formatting and all, and edits of its text by the place of a node."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import libcst as cst
from libcst.metadata import ByteSpanPositionProvider, MetadataWrapper


@dataclass(frozen=True, slots=True)
class Edit:
    """One change to the text of a program."""

    operator: str
    start: int
    """Bytes of the UTF-8 text."""
    end: int
    text: str
    line: int
    """1-based line on which the replaced text begins."""


@dataclass(frozen=True, slots=True)
class Place:
    """A node and the nodes that it stands in, outermost first."""

    node: cst.CSTNode
    above: tuple[cst.CSTNode, ...]

    @property
    def parent(self) -> cst.CSTNode:
        """What it stands in directly."""
        return self.above[-1]

    @property
    def function(self) -> str:
        """The innermost function around it; empty outside of all."""
        names = [item.name.value for item in self.above if isinstance(item, cst.FunctionDef)]
        return names[-1] if names else ""


_SKIPPED = cst.Annotation | cst.Decorator | cst.Import | cst.ImportFrom
"""What is under these does not compute."""


@dataclass(frozen=True, slots=True)
class Source:
    """
    The text of a program and the span of each of its nodes.

    Made with `parse`. `libcst` parses it once; an edit replaces bytes, so that everything around
    them stays as the author wrote it.
    """

    code: str
    raw: bytes
    module: cst.Module
    spans: Mapping[cst.CSTNode, object] = field(repr=False)

    @classmethod
    def parse(cls, code: str) -> "Source":
        """
        Parse `code`.

        Raises:
            libcst.ParserSyntaxError: it is no program.
        """
        wrapper = MetadataWrapper(cst.parse_module(code), unsafe_skip_copy=True)
        spans = wrapper.resolve(ByteSpanPositionProvider)
        return cls(code, code.encode(), wrapper.module, spans)

    def span(self, node: cst.CSTNode) -> tuple[int, int]:
        """First byte of a node and the byte behind it, white space and parentheses aside."""
        found = self.spans[node]
        start: int = found.start  # type: ignore[attr-defined]  # a `CodeSpan`, not exported
        end: int = start + found.length  # type: ignore[attr-defined]
        piece = self.raw[start:end]
        return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())

    def text(self, node: cst.CSTNode) -> str:
        """The source of a node, parentheses around it aside."""
        start, end = self.span(node)
        return self.raw[start:end].decode()

    def line(self, at: int) -> int:
        """The 1-based line of a byte."""
        return self.raw.count(b"\n", 0, at) + 1

    def edit(self, operator: str, start: int, end: int, text: str) -> Edit:
        """An edit of a span."""
        return Edit(operator, start, end, text, self.line(start))

    def replace(self, operator: str, node: cst.CSTNode, text: str) -> Edit:
        """An edit that puts `text` where `node` is; parentheses that it leaves useless go too."""
        start, end = self.span(node)
        is_small = text.isidentifier() or text.isdigit()
        if is_small and getattr(node, "lpar", None):
            before, after = self.raw[:start].rstrip(), self.raw[end:].lstrip()
            if before.endswith(b"(") and after.startswith(b")"):
                start, end = len(before) - 1, len(self.raw) - len(after) + 1
        return self.edit(operator, start, end, text)

    def apply(self, edit: Edit) -> str:
        """The program with `edit` made."""
        return (self.raw[: edit.start] + edit.text.encode() + self.raw[edit.end :]).decode()

    def places(self) -> Iterator[Place]:
        """Every node that computes something, outside in."""
        yield from _under(self.module, ())


def _under(node: cst.CSTNode, above: tuple[cst.CSTNode, ...]) -> Iterator[Place]:
    inside = (*above, node)
    for child in node.children:
        if isinstance(child, _SKIPPED) or _is_docstring(child):
            continue
        yield Place(child, inside)
        yield from _under(child, inside)


def _is_docstring(node: cst.CSTNode) -> bool:
    match node:
        case cst.SimpleStatementLine(body=[cst.Expr(value=cst.SimpleString())]):
            return True
    return False
