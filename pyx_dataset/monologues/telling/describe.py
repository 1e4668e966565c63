"""What a function is for and what always holds, read from its description and its code."""

import ast
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from random import Random

from pyx_dataset.monologues.claims import in_backticks as code
from pyx_dataset.monologues.properties.inferred import Property, property_sentences
from pyx_dataset.monologues.run.blocks import Outline, outline, source_of
from pyx_dataset.monologues.telling.gist import MAX_CLAUSES, gist
from pyx_dataset.monologues.telling.phrases import listed
from pyx_dataset.schema import Trace

MAX_SOURCE_CHARS = 48
"""Longer expressions are not quoted in a sentence about the whole function."""
MAX_PROPERTIES = 4
_LOOP_LEADS = ("for each", "as long as")


def understanding(program: str, entry_point: str, instruction: str, rng: Random) -> str:
    """What the function is for, and the shape of what it does; the result is not given away."""
    plan = outline(program)
    function = plan.functions[entry_point]
    purpose = first_sentence(instruction)
    how = gist(function, plan)
    if not how:
        kind = "a few conditions decide" if len(function.body) > 1 else "one expression says"
        how = [f"is short: {kind} what it returns"]
    sentences = []
    if purpose:
        lead = rng.choice(["The purpose of {}", "What {} is for", "The task of {}"])
        sentences.append(f"{lead.format(code(entry_point))}: {purpose}")
    for number, said in enumerate(how):
        if said.startswith(_LOOP_LEADS):
            sentences.append(f"{said[0].upper()}{said[1:]}.")
        else:
            subject = code(entry_point) if not purpose and not number else "It"
            subject = rng.choice(["Then it", "After that it"]) if number else subject
            sentences.append(f"{subject} {said}.")
    helper = next(iter(_calls(function, plan)), None)
    if helper and helper != entry_point and len(how) < MAX_CLAUSES:
        for said in gist(plan.functions[helper], plan)[:1]:
            if not said.startswith(_LOOP_LEADS):
                sentences.append(f"{code(helper)} {said}.")
    return " ".join(sentences)


def first_sentence(text: str) -> str:
    r"""
    The first sentence of a description, on one line.

    >>> first_sentence("Return the sum,\n  or None. More words.")
    'Return the sum, or None.'
    """
    paragraph = re.split(r"\n\s*\n", text.strip())[0]
    line = " ".join(paragraph.split()).replace("``", "`")
    line = re.sub(r":[a-z]+:`~?([^`]*)`", r"`\1`", line)
    match = re.match(r".+?[.!?](?=\s+[A-Z`]|$)", line)
    sentence = (match[0] if match else line).strip().rstrip(":")
    return sentence if not sentence or sentence[-1] in ".!?" else f"{sentence}."


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements in source order, those of nested functions and classes left out."""
    for node in body:
        yield node
        match node:
            case ast.For() | ast.While() | ast.If():
                yield from _statements(node.body + node.orelse)
            case ast.With():
                yield from _statements(node.body)
            case ast.Try():
                handlers = [item for handler in node.handlers for item in handler.body]
                yield from _statements(node.body + handlers + node.orelse + node.finalbody)
            case ast.Match():
                yield from _statements([item for case in node.cases for item in case.body])


@lru_cache(maxsize=64)
def _calls(node: ast.AST, plan: Outline) -> tuple[str, ...]:
    return tuple(
        part.func.id
        for part in ast.walk(node)
        if isinstance(part, ast.Call)
        and isinstance(part.func, ast.Name)
        and part.func.id in plan.functions
    )


def _fits(*nodes: ast.expr) -> bool:
    return all(len(source_of(node)) <= MAX_SOURCE_CHARS for node in nodes)


def _quoted(node: ast.expr) -> str:
    return code(source_of(node))


def key_properties(
    program: str,
    entry_point: str,
    inferred: Sequence[Property],
    rng: Random,
    trace: Trace | None = None,
) -> str:
    """
    What can be relied on, as a list: what held in all known calls, and what the code says.

    `trace` is the run that is told; without it, nothing is said about this run.
    """
    plan = outline(program)
    function = plan.functions[entry_point]
    found = property_sentences(inferred, rng)
    found += [*_early_returns(function), *_early_ends(function), *_recursion(function, plan)]
    if not inferred:
        found += _result_type(function, plan)
    if trace and len(found) < MAX_PROPERTIES:
        found += _untouched(trace)
    return "\n".join(f"- {line}" for line in found[:MAX_PROPERTIES] or [_flow(function)])


def _early_returns(function: ast.FunctionDef) -> Iterator[str]:
    for node in function.body[:-1]:
        match node:
            case ast.If(test=test, body=[ast.Return(value=value)]) if value and _fits(test, value):
                yield f"When {_quoted(test)} holds, it returns {_quoted(value)} at once."
            case ast.If(test=test, body=[ast.Raise()]) if _fits(test):
                yield f"When {_quoted(test)} holds, it raises an exception."


_ENDS = {ast.Break, ast.Return, ast.Raise}


def _early_ends(function: ast.FunctionDef) -> Iterator[str]:
    for loop in _statements(function.body):
        if isinstance(loop, ast.For | ast.While):
            ends = {type(node) for node in _statements(loop.body)} & _ENDS
            if ends:
                yield "A loop can end before it has gone over everything."
                return


def _recursion(function: ast.FunctionDef, plan: Outline) -> Iterator[str]:
    if function.name in _calls(function, plan):
        yield f"{code(function.name)} calls itself, so calls of it are open inside one another."


_TYPE_OF: dict[type[ast.expr], str] = {
    ast.Compare: "`True` or `False`", ast.ListComp: "a list", ast.List: "a list",
    ast.JoinedStr: "a string", ast.DictComp: "a dictionary", ast.Dict: "a dictionary",
    ast.SetComp: "a set", ast.Tuple: "a tuple",
}  # fmt: skip
_TYPE_OF_CALL = {
    "len": "a whole number", "sorted": "a list", "list": "a list", "str": "a string",
    "tuple": "a tuple", "set": "a set", "dict": "a dictionary", "bool": "`True` or `False`",
    "any": "`True` or `False`", "all": "`True` or `False`", "int": "a whole number",
}  # fmt: skip


def _result_type(function: ast.FunctionDef, plan: Outline) -> Iterator[str]:
    kinds = {
        _type_of(node.value, plan)
        for node in _statements(function.body)
        if isinstance(node, ast.Return) and node.value
    }
    if len(kinds) == 1 and (kind := kinds.pop()):
        yield f"Whatever it returns is {kind}."


def _type_of(node: ast.expr, plan: Outline) -> str:
    match node:
        case ast.Call(func=ast.Name(id=name)) if name not in plan.bound:
            return _TYPE_OF_CALL.get(name, "")
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str()), attr="join")):
            return "a string"
        case ast.Constant(value=bool()):
            return "`True` or `False`"
        case ast.Constant(value=str()):
            return "a string"
    return _TYPE_OF.get(type(node), "")


def _untouched(trace: Trace) -> Iterator[str]:
    """Arguments that could be changed in place and are not."""
    changed = {item.name for step in trace.steps[1:] if step.depth == 0 for item in step.changed}
    kept = [
        code(item.name)
        for item in trace.steps[0].changed
        if item.value.startswith(("[", "{", "set(")) and item.name not in changed
    ]
    if kept:
        yield (
            f"This call leaves {listed(kept)} as it was."
            if len(kept) == 1
            else (f"This call leaves {listed(kept)} as they were.")
        )


def _flow(function: ast.FunctionDef) -> str:
    kinds = {type(node) for node in _statements(function.body)}
    if kinds & {ast.For, ast.While}:
        return "No loop has a way out in its middle."
    if ast.If in kinds:
        return "No loop: which lines run depends only on the conditions."
    if any(type(node) not in _SIMPLE for node in _statements(function.body)):
        return "Which lines run depends on whether something fails."
    return "No loop and no branch: every line runs once, in order."


_SIMPLE = {ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Expr, ast.Return, ast.FunctionDef}
