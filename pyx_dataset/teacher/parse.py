"""Read what a model wrote. Nothing here runs it or believes it."""

import ast
import re
from dataclasses import dataclass

from pyx_dataset.answers import read_answer, read_code
from pyx_dataset.layout import (
    ANSWER_OPEN,
    BACKWARD_HEADINGS,
    DEBUG_HEADINGS,
    FORWARD_HEADINGS,
    MONOLOGUE_CLOSE,
    MONOLOGUE_OPEN,
)

_HEADINGS = {"forward": FORWARD_HEADINGS, "backward": BACKWARD_HEADINGS}
_SECTION = re.compile(r"(?m)^###\s+(\w[^\n]*?)\s*$")
_REFINED = re.compile(r"(?s)\[Refined\](.*?)(?:\[/Refined\]|\Z)")


class Unreadable(Exception):  # noqa: N818  (a finding about a text, not a failure)
    """The reply is not in the layout that was asked for; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Written:
    """A monologue and the answer behind it."""

    text: str
    answer: str


@dataclass(frozen=True, slots=True)
class Solved:
    """A task and a program that is to solve it."""

    problem: str
    code: str
    calls: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Debugged:
    """Why a program is wrong, and the program put right."""

    rationale: str
    code: str


def read_monologue(reply: str, direction: str) -> Written:
    """
    The monologue in a reply, from its first heading to its closing tag, and its answer.

    Raises:
        Unreadable: a heading is missing or out of order, or there is no answer.
    """
    text = reply.partition(MONOLOGUE_OPEN)[2] if MONOLOGUE_OPEN in reply else reply
    text, _, rest = text.partition(MONOLOGUE_CLOSE)
    headings = _HEADINGS[direction]
    _require_headings(text, headings)
    if ANSWER_OPEN not in rest:
        raise Unreadable(f"no {MONOLOGUE_CLOSE} with an answer in tags behind it")
    answer = read_answer(rest)
    if not answer:
        raise Unreadable("an empty answer")
    return Written(_from_heading(text, headings[0]), answer)


def read_calls(reply: str, entry_point: str) -> tuple[str, ...]:
    r"""
    The lines of the first fenced block, or of the reply, that are calls of `entry_point`.

    >>> read_calls("Sure!\n- f(1)\n2. `f( [2])`\nassert f(3) == 4\ng(1)", "f")
    ('f(1)', 'f([2])', 'f(3)')
    """
    found: dict[str, None] = {}
    for line in read_code(reply).splitlines():
        text = re.sub(r"^\s*(?:[-*]|\d+[.)])\s+", "", line).strip().strip("`")
        if call := _call_in(text, entry_point):
            found[call] = None
    return tuple(found)


def read_solved(reply: str) -> Solved:
    """
    Task, program and calls of a reply.

    Raises:
        Unreadable: one of them is missing, or the calls call no function of the program.
    """
    parts = _SECTION.split(reply)
    sections = dict(zip(map(str.lower, parts[1::2]), parts[2::2], strict=True))
    for name in ("problem", "solution", "calls"):
        if not sections.get(name, "").strip():
            raise Unreadable(f"no section `### {name.capitalize()}`")
    code = read_code(sections["solution"]).strip() + "\n"
    calls: list[str] = []
    for name in reversed(_functions(code)):
        calls = list(read_calls(sections["calls"], name))
        if calls:
            break
    if not calls:
        raise Unreadable("no call of a function of the solution")
    return Solved(sections["problem"].strip(), code, tuple(calls))


def read_program(reply: str) -> str:
    """
    The program in a reply.

    Raises:
        Unreadable: there is none.
    """
    code = read_code(reply).strip() + "\n"
    if not _functions(code):
        raise Unreadable("no function in the reply")
    return code


def read_debugged(reply: str) -> Debugged:
    """
    The rationale and the corrected program of a reply to ``debugging.md``.

    Raises:
        Unreadable: a heading is missing or out of order, or there is no program.
    """
    text, _, rest = reply.partition(MONOLOGUE_CLOSE)
    text = _SECTION.sub(r"### \1", text)
    _require_headings(text, DEBUG_HEADINGS)
    refined = _REFINED.search(rest)
    if refined is None:
        raise Unreadable("no [Refined] program")
    return Debugged(_from_heading(text, DEBUG_HEADINGS[0]), read_program(refined[1].strip()))


def _require_headings(text: str, headings: tuple[str, ...]) -> None:
    found = [f"### {name}" for name in _SECTION.findall(text)]
    if missing := [heading for heading in headings if heading not in found]:
        raise Unreadable(f"no heading `{missing[0]}`")
    if found != list(headings):
        raise Unreadable(f"headings {', '.join(found)}")


def _from_heading(text: str, heading: str) -> str:
    return text[text.index(heading) :].strip()


def _functions(code: str) -> list[str]:
    """Names of the top-level functions; none where the code does not parse."""
    try:
        body = ast.parse(code).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    return [node.name for node in body if isinstance(node, ast.FunctionDef)]


def _call_in(text: str, entry_point: str) -> str | None:
    """The call that a line makes, shows or asserts."""
    for attempt in (text, text.rpartition("#")[0]):
        try:
            body = ast.parse(attempt).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        for node in ast.walk(ast.Module(body[:1], [])):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == entry_point:
                return ast.unparse(node)
    return None
